"""What a file of phrases holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Phrases: TypeAlias = Mapping[str, tuple[str, str]]
"""Each phrase by its key, in English and in Chinese; ``{}`` are gaps to be filled."""

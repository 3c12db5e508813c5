"""Files: written whole or not at all; plant files read strictly, with a line for every problem."""

from __future__ import annotations

from zeroplant.files.atomic import atomic_path, write_atomic
from zeroplant.files.validation import problems_of
from zeroplant.files.yamlfile import YamlFile, load_yaml

__all__ = ["YamlFile", "atomic_path", "load_yaml", "problems_of", "write_atomic"]

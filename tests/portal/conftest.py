"""What tests of the control room share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.doors import opened
from zeroplant.portal.service import Service


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """The service of the county base, whose data is a folder of the test's own."""
    return opened(tmp_path)

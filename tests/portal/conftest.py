"""What tests of the control room share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.portal.browsing import VENDOR, running
from tests.portal.doors import opened
from tests.portal.listening import Site
from zeroplant.portal import moments
from zeroplant.portal.service import Service


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """The service of the county base, whose data is a folder of the test's own."""
    return opened(tmp_path)


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the controller writes stays new for as long as a slow machine may take."""
    monkeypatch.setattr(moments, "OLD", 240.0)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A control room that runs, with a living plant behind it."""
    if not any(VENDOR.glob("echarts-*")):
        pytest.skip("no ECharts here: make vendor, which needs npm")
    with running(tmp_path_factory.mktemp("data")) as found:
        yield found

"""A walk through the pages that hang on something: an alarm, a set-point, an order, a fleet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.routing import iter_route_contexts

from tests.portal.browsing import AXE, BELOW, VENDOR, barriers, look
from tests.portal.doors import cheap
from tests.portal.listening import Site, site_of
from zeroplant.files import write_atomic
from zeroplant.operate.alarms import Alarms
from zeroplant.operate.entries import alarmed
from zeroplant.operate.folder import submit
from zeroplant.operate.wish import Wish
from zeroplant.portal.access.proposals import Wanted
from zeroplant.portal.app import application
from zeroplant.portal.navigation import PAGES
from zeroplant.portal.service import Service, open_service
from zeroplant.store import JournalWriter

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CORRIDOR = Path(__file__).resolve().parents[2] / "examples/swap-corridor"
NO_PAGES = {"/login", "/language/{language}", "/healthz", "/readyz", "/metrics", "/alarms/count",
            "/today"}  # fmt: skip
"""For strangers, who walk elsewhere, for other systems, and parts of pages."""
STATION = "swap Fuling"
SILENT = f"{STATION}.full"
SLOTS = [{"id": "1", "pack": "P7", "soc": 1.0, "state": "full"},
         {"id": "2", "pack": "P8", "soc": 0.31, "state": "charging"},
         {"id": "3", "pack": None, "soc": None, "state": "free"}]  # fmt: skip


@pytest.fixture(scope="module")
def corridor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The control room of the swap corridor, all of whose points are heard."""
    if not any(VENDOR.glob("echarts-*")):
        pytest.skip("no ECharts here: make vendor, which needs npm")
    service = open_service(CORRIDOR, tmp_path_factory.mktemp("data"), names=["testserver"])
    cheap(service.accounts)
    with site_of(service, "admin") as site:
        yield site


def furnished(service: Service) -> dict[str, int]:
    """What happened there just now; the pages that hang on it, and the status each comes with."""
    now = datetime.now(UTC)
    points = [point for asset in service.catalogue.assets.values() for point in asset.points]
    alarms = Alarms()
    happened = alarms.update(now - timedelta(hours=1), [("silent", SILENT), ("disk", "", "full")])
    shelf = alarms.shelve(now, "disk", "", "admin", now + timedelta(hours=8))
    assert shelf is not None
    with JournalWriter(service.folder.journal) as journal:
        journal.append(alarmed([*happened, shelf]))
    one: dict[str, Any] = {
        "value": 2.0, "spread": 0.1, "source": "measured", "quality": 0, "event": now.isoformat(),
        "setpoint": None, "reason": "none",
    }  # fmt: skip
    write_atomic(service.folder.live, json.dumps({
        "at": now.isoformat(), "wrote": now.isoformat(), "speed": 1, "target": 1.0,
        "achievable": 1.0, "exchange": 1.0, "source": "schedule", "orders": [], "links": {},
        "points": {point.name: one | {"unit": point.unit} for point in points},
        "alarms": [each.said() for each in alarms.held()],
    }))  # fmt: skip
    write_atomic(service.folder.callers, json.dumps({"at": now.isoformat(), "stations": {
        STATION: {"connected": True, "since": now.isoformat(), "slots": SLOTS}}}))  # fmt: skip
    order, until = "0123456789abcdef", now + timedelta(hours=4)
    key = next(point.name for point in points if point.writable)
    submit(service.folder, Wish(order, "admin", "device", 0.0, now, until, key, "repair"))
    said = {"accepted": True, "at": now.isoformat()}
    write_atomic(service.folder.answer(order), json.dumps(said))
    wanted = Wanted("device", key, 0.0, now, until, "repair", 1.0, second=False)
    proposal = service.proposals.show(1, wanted)
    return {
        "/fleet": 200,
        "/alarms/history": 200,
        f"/alarms/shelve?code=silent&key={SILENT}": 200,
        f"/grid/set-point?key={key}": 200,
        f"/grid/set-point/{proposal.id}": 200,
        f"/grid/orders/{order}/withdraw": 200,
        "/nowhere": 404,
    }


def test_no_page_is_forgotten(corridor: Site) -> None:
    """Whatever has an address and is not for other systems is opened by one of the walks."""
    walked = {each.partition("?")[0] for each in (*PAGES, *BELOW, *furnished(corridor.service))}
    left = {
        route.path
        for route in iter_route_contexts(application(corridor.service)._inner.routes)  # type: ignore[attr-defined]
        if "GET" in (route.methods or ())
        and not route.path.startswith("/api/")
        and not any(re.fullmatch(re.sub(r"{\w+}", "[^/]+", route.path), path) for path in walked)
    }
    assert left == NO_PAGES


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("zh", 390)])
def test_they_open_well(chromium: Browser, corridor: Site, language: str, width: int) -> None:
    """Nothing odd on the console, no sideways scroll, the right language."""
    page, said = look(chromium, corridor, language, width)
    for path, status in furnished(corridor.service).items():
        answer = page.goto(corridor.address + path)
        assert answer is not None
        assert answer.status == status, path
        odd = [each for each in said if status == 200 or str(status) not in each]
        assert odd == [], path
        said.clear()
        assert page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-CN"}[language]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("h1").count() == 1, path
    page.goto(f"{corridor.address}/fleet")
    assert page.locator(".histogram rect").count() > 0
    assert page.get_by_text("P8").count() == 1
    page.context.close()


@pytest.mark.parametrize(
    ("scheme", "language", "width"), [("dark", "en", 1440), ("light", "zh", 390)]
)
def test_they_are_accessible(
    chromium: Browser, corridor: Site, scheme: str, language: str, width: int
) -> None:
    """axe-core finds nothing serious on them."""
    if AXE is None:
        pytest.skip("no axe-core here: make vendor, which needs npm")
    page, _ = look(chromium, corridor, language, width, free=True)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = []
    for path in furnished(corridor.service):
        page.goto(corridor.address + path)
        found += [(path, *each) for each in barriers(page)]
    assert found == []
    page.context.close()

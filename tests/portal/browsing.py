"""A control room with a living plant behind it, for tests that look at it in a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.portal.doors import opened
from tests.portal.listening import Site, site_of
from tests.portal.test_live import NOW, seen
from zeroplant.files import write_atomic
from zeroplant.portal.service import Service
from zeroplant.store import Batch, Entry, HistoryWriter, JournalWriter

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "src/zeroplant/portal/static/vendor"
AXE = next((ROOT / ".venv/vendor").glob("axe-core-*/axe.min.js"), None)
REASON = {"first": 0, "last": 1, "what": "battery.charge", "price": 35.0,
          "en": "charging is at its limit", "zh": "充电达到上限"}  # fmt: skip
SCHEDULE = {
    "made": NOW.isoformat(), "start": NOW.isoformat(), "step_seconds": 900, "status": "optimal",
    "power": {"wind.output": [5, 6, 7], "battery.charge": [1, 0, 2]},
    "level": {"battery.level": [1, 1, 3]}, "price": {"park": [300, 200, 100]}, "worth": {},
    "target": [1, 2, 3], "shortfall": {}, "cost": 1.0, "note": "", "reasons": [REASON],
}  # fmt: skip
WIND = {
    "start": NOW.isoformat(), "step": 900.0, "method": "trees", "missing": ["wind_speed"],
    "levels": [0.1, 0.5, 0.9], "values": [[30.0] * 96, [40.0] * 96, [50.0] * 96],
    "mean": [40.0] * 96, "unit": "MW",
}  # fmt: skip
FORECASTS = {"made": NOW.isoformat(), "wind.output": WIND}
COMMITMENTS = {"made": NOW.isoformat(), "problem": "", "list": [
    {"name": name, "kind": kind, "source": "file", "start": NOW.isoformat(),
     "until": (NOW + timedelta(minutes=30)).isoformat(), "value": value, "price": 3000.0,
     "hours": 1.0, "tolerance": 0.5, "state": "running"}
    for name, kind, value in (("day ahead", "schedule", [1.5, 2.5]), ("reserve", "reserve up", 2.0))
]}  # fmt: skip
SKILL = {"keys": {"wind.output": {
    "unit": "MW", "rating": 100.0, "days": 3.0, "hours": [0.25, 1.0, 4.0, 24.0],
    "error": [0.02, 0.05, 0.09, None], "persistence": [0.04, 0.04, 0.18, None],
    "climatology": [0.1, 0.1, 0.12, None], "coverage": [0.8, 0.5, 0.99, None],
}}}  # fmt: skip
TODAY = {
    "date": "2025-06-01", "until": NOW.isoformat(),
    "energy": {"imported": 24.0, "exported": None, "generated": 160.0, "used": 184.0},
    "money": {"lines": [{"name": "grid: energy bought", "who": "grid", "what": "energy bought",
                         "amount": 12000.0}], "total": 12000.0, "currency": "CNY"},
    "carbon": {"kg": 14000.0, "kg_per_mwh_now": 76.1, "source": {"en": "factors", "zh": "因子"}},
    "unknown": [{"of": ["exported"], "gaps": 2, "steps": 48}],
}  # fmt: skip
BELOW = ("/plant?by=place", "/plant/battery", "/plant/wind", "/health?quality=weak",
         "/grid/set-point", f"/journal/replay?at={NOW:%Y-%m-%dT%H:%M:%SZ}", "/password",
         "/tokens")  # fmt: skip
"""Pages that hang on one of the navigation."""
SLOWEST = 120_000.0
"""ms that anything on a page may take: a machine under load is no fault of the page."""
PEAK = 99.0
"""MW of wind in a single quarter-hour of the year, for a chart not to lose."""


@contextmanager
def running(data: Path) -> Iterator[Site]:
    """The county base with an image, a schedule, a journal and a year's history, on a free port."""
    service = opened(data)
    furnish(service)
    with site_of(service, "admin") as site:
        yield site


def furnish(service: Service) -> None:
    """What a controller leaves in its folder."""
    folder = service.folder
    write_atomic(folder.live, json.dumps(seen(5.0)))
    write_atomic(folder.schedule, json.dumps(SCHEDULE))
    write_atomic(folder.forecasts, json.dumps(FORECASTS))
    write_atomic(folder.made_forecasts / f"{NOW:%Y%m%dT%H%M%SZ}.json", json.dumps(FORECASTS))
    write_atomic(folder.skill, json.dumps(SKILL))
    write_atomic(folder.commitments, json.dumps(COMMITMENTS))
    write_atomic(folder.today, json.dumps(TODAY))
    write_atomic(folder.schedules / f"{NOW:%Y%m%dT%H%M%SZ}.json", json.dumps(SCHEDULE))
    last = np.datetime64(NOW.replace(tzinfo=None), "us")
    event = last - np.arange(35_040)[::-1] * np.timedelta64(900, "s")
    wind = 40.0 + 20.0 * np.sin(np.arange(35_040) / 50.0)
    wind[20_000] = PEAK
    writer = HistoryWriter(folder.history)
    writer.append(Batch("wind.output", event, wind, event))
    writer.close()
    with JournalWriter(folder.journal) as journal:
        for n, key in enumerate(("battery.charge", "wind.output")):
            at = NOW - timedelta(minutes=n)
            told = {"value": 7.0, "until": NOW.isoformat()}
            journal.append(Entry(kind="command", key=key, event=at, known=at, payload=told))


def fresh(image: dict[str, Any]) -> dict[str, Any]:
    """An image as if it had been written just now."""
    now = datetime.now(UTC).isoformat()
    return image | {"at": now, "wrote": now}


def look(
    chromium: Browser, site: Site, language: str, width: int, *, free: bool = False
) -> tuple[Page, list[str]]:
    """A page of an admin, and what its console says; ``free`` lets the test's own scripts in."""
    context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=free)
    context.add_cookies([
        {"name": "zeroplant", "value": site.cookie, "url": site.address},
        {"name": "language", "value": language, "url": site.address},
    ])  # fmt: skip
    context.set_default_timeout(SLOWEST)
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


def ways(page: Page, site: Site) -> list[str]:
    """Every page there is, as the navigation shows it, and those that are below one of them."""
    page.goto(f"{site.address}/password")
    shown = page.locator("#ways a").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    return [*shown, *BELOW]


def barriers(page: Page) -> list[tuple[str, str]]:
    """What axe-core finds serious on a page: the rule, and the first element that breaks it."""
    page.add_script_tag(path=AXE)
    return [
        (each["id"], each["nodes"][0]["html"])
        for each in page.evaluate("axe.run()")["violations"]
        if each["impact"] in ("serious", "critical")
    ]

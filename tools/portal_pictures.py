"""Pictures of the control room for README and documentation, from the demo of the county base.

    python tools/portal_pictures.py [--minutes 3]

Needs Chromium and `make vendor`. The plant lives for some minutes at sixty times real time before
it is looked at; the pictures are written to docs/how-to/control-room/.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.server import listening
from zeroplant.portal.service import open_service

ROOT = Path(__file__).resolve().parents[1]
COUNTY = ROOT / "examples/county-base"
PICTURES = ROOT / "docs/how-to/control-room"
START = "2025-07-07T09:00"
"""A summer morning: there is sun, and the battery has something to do."""
PATIENCE = 180
"""Seconds more that a good plan is waited for."""
PAGES = (
    ("overview", "/", "en", 1280, "light"),
    ("schedule", "/schedule", "en", 1280, "light"),
    ("forecasts", "/forecasts?key=sun.output", "zh", 1280, "dark"),
    ("phone", "/", "zh", 390, "dark"),
)
"""Name, page, language, width and colour scheme of each."""


def take(browser: Browser, address: str, cookie: str) -> None:
    """Take all pictures."""
    for name, path, language, width, scheme in PAGES:
        context = browser.new_context(
            viewport={"width": width, "height": 800 if width > 600 else 760},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        context.add_cookies([
            {"name": "zeroplant", "value": cookie, "url": address},
            {"name": "language", "value": language, "url": address},
        ])  # fmt: skip
        page = context.new_page()
        page.goto(address + path)
        if path != "/":  # the overview moves by itself; the others have a chart
            page.locator(".chart canvas").first.wait_for()
        page.wait_for_timeout(6000)
        page.screenshot(path=PICTURES / f"{name}.png")
        context.close()
        print(PICTURES / f"{name}.png", (PICTURES / f"{name}.png").stat().st_size)


def calm(folder: Path) -> bool:
    """Whether the plan in force is a good one: on a busy machine a planner may be late."""
    with suppress(OSError, ValueError):
        return bool(json.loads((folder / "schedule.json").read_bytes())["status"] == "optimal")
    return False


def look(folder: Path) -> None:
    """Serve a folder and take the pictures."""
    service = open_service(COUNTY, folder)
    service.accounts.add("lin", [Grant(Role.ADMIN)])
    (lin,) = service.accounts.everybody()
    password = service.accounts.reset("lin")
    service.accounts.change_password(lin.id, password, "a tall green kettle")
    cookie = service.sessions.begin(lin.id)
    with listening(application(service)) as address, sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take(browser, address, cookie)
        browser.close()


def main() -> None:
    """Let the plant live, look at it, end it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=3.0)
    minutes = options.parse_args().minutes
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "zeroplant", "operate", str(COUNTY), "--live", name,
                   "--speed", "60", "--start", START]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as plant:
            try:
                while not (folder / "live.json").exists() and plant.poll() is None:
                    time.sleep(0.5)
                time.sleep(60 * minutes)
                for _ in range(PATIENCE):
                    if calm(folder):
                        break
                    time.sleep(1.0)
                look(folder)
            finally:
                plant.terminate()


if __name__ == "__main__":
    main()

"""What holds for all tests: how hypothesis searches, which skips are allowed, a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# `ci` tries the same examples on every run; `dev` searches on. Neither judges by the clock.
settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

# With ZEROPLANT_NO_SKIP=1 a skipped test fails, unless its reason begins with one of these. What
# continuous integration installs (Chromium, Mosquitto) is not among them: where tests that need it
# skip there, the installation has failed, and that must not pass for success.
NO_SKIP = os.environ.get("ZEROPLANT_NO_SKIP") == "1"
ALLOWED_SKIPS = {
    "shared data set": "kept beside the project, never in it; a clone alone has none",
    "not a checkout": "the source may be tested out of an archive",
}

# A browser that talks to nobody but the test.
CHROMIUM_OPTIONS = [
    "--no-sandbox",  # needed as root, where continuous integration runs; only our own pages load
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def _unexpected(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The reason of a skip that is not allowed here, or nothing."""
    if not NO_SKIP or not report.skipped or hasattr(report, "wasxfail"):
        return ""
    reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    return "" if reason.startswith(tuple(ALLOWED_SKIPS)) else reason or "no reason given"


def _fail_if_unexpected(report: pytest.TestReport | pytest.CollectReport) -> None:
    if reason := _unexpected(report):
        report.outcome = "failed"
        report.longrepr = f"unexpected skip: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn an unexpected skip of a test into a failure."""
    report = yield
    _fail_if_unexpected(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn an unexpected skip of a whole module into a failure."""
    report = yield
    _fail_if_unexpected(report)
    return report


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's own Chromium, driven by Playwright; skips where there is none.

    Playwright keeps an event loop running in its thread until it ends, and meanwhile nothing else
    can run one there: so it ends with the module that wanted it.
    """
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium here: install it, or name it in the variable CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()

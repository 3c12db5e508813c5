"""What operators do all day, in a real browser, with a controller's own inbox behind it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from tests.portal.browsing import VENDOR, fresh, look, running
from tests.portal.doors import GOOD
from tests.portal.listening import Site
from tests.portal.test_desk import planned
from tests.portal.test_live import seen
from zeroplant.files import write_atomic
from zeroplant.operate.alarms import Alarms
from zeroplant.operate.inbox import Inbox
from zeroplant.operate.recording import Recording
from zeroplant.portal.access import Grant, Role
from zeroplant.store import Entry, JournalWriter

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ZONE = ZoneInfo("Asia/Shanghai")


class Control:
    """The part of a controller that people talk to: its alarms, its inbox, its records."""

    def __init__(self, site: Site) -> None:
        self._image = seen(5.0)
        self._recording = Recording(site.service.folder)
        self._inbox, self.alarms = Inbox(self._recording), Alarms()
        self.alarms.update(datetime.now(UTC), [("silent", "battery.level"), ("disk", "", "full")])
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._end.wait(0.2):
            self._inbox.orders(datetime.now(UTC), self.alarms)
            told = {"alarms": [each.said() for each in self.alarms.held()],
                    "orders": self._inbox.said()}  # fmt: skip
            self._recording.file(self._recording.folder.live, fresh(self._image) | told)

    def close(self) -> None:
        """End it."""
        self._end.set()
        self._thread.join()
        self._recording.close()


def decided(at: datetime, target: float) -> list[Entry]:
    """What a cycle leaves in the journal that aimed at a target."""
    observation = {"values": [], "age": [], "quality": [], "taken": {}}
    decision = {
        "target": target, "achievable": target, "exchange": target, "source": "schedule",
        "until": (at + timedelta(minutes=1)).isoformat(),
        "setpoints": {"battery.charge": [3.0, "merit", "none"]},
    }  # fmt: skip
    return [
        Entry(kind=kind, key="plant", event=at, known=at, payload=payload)
        for kind, payload in (("observation", observation), ("decision", decision))
    ]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A control room whose plant aimed at 7 MW until yesterday at 18:00, and then at 99."""
    if not any(VENDOR.glob("echarts-*")):
        pytest.skip("no ECharts here: make vendor, which needs npm")
    data: Path = tmp_path_factory.mktemp("data")
    evening = datetime.now(ZONE).replace(hour=18, minute=0, second=0, microsecond=0)
    evening -= timedelta(days=1)
    with running(data) as found:
        with JournalWriter(found.service.folder.journal) as journal:
            journal.append(decided(evening - timedelta(seconds=30), 7.0))
            journal.append(decided(evening + timedelta(seconds=30), 99.0))
        write_atomic(found.service.folder.schedule, json.dumps(planned(seen(5.0))))
        yield found


@pytest.fixture(scope="module")
def control(site: Site) -> Iterator[Control]:
    """The controller at the other end."""
    found = Control(site)
    yield found
    found.close()


def other(site: Site, name: str, role: Role) -> Site:
    """The same control room, entered by somebody else."""
    accounts = site.service.accounts
    password = accounts.add(name, [Grant(role)])
    person = next(each for each in accounts.everybody() if each.name == name)
    accounts.change_password(person.id, password, GOOD)
    return replace(site, cookie=site.service.sessions.begin(person.id))


def test_an_alarm_is_acknowledged_and_another_one_shelved(
    chromium: Browser, site: Site, control: Control
) -> None:
    """The page says what the controller answered, and the head of every page counts along."""
    page, said = look(chromium, site, "en", 1440)
    page.goto(site.address + "/alarms")
    head = page.locator("#alarm-count")
    head.get_by_text("1 critical").wait_for()
    assert "2 not seen" in (head.text_content() or "")
    line = page.locator("#board li", has_text="battery level")
    assert "check the device's power supply" in (line.text_content() or "")
    line.get_by_role("button", name="Acknowledge").press("Enter")
    page.get_by_text("The controller has taken note.").wait_for()
    line.get_by_text("seen by admin").wait_for()
    head.get_by_text("1 not seen").wait_for()
    assert line.get_by_role("button").count() == 0
    line.get_by_role("link", name="Shelve").click()
    page.get_by_label("For how long").select_option("30")
    page.get_by_label("Why").fill("crew is on its way")
    page.get_by_role("button", name="Shelve it").click()
    away = page.locator("section", has_text="Shelved (1)")
    away.get_by_text("crew is on its way").wait_for()
    head.get_by_text("1 major").wait_for(state="detached")
    page.get_by_role("link", name="What happened to alarms").click()
    page.locator("#history").get_by_text("alarm seen by admin").first.wait_for()
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(site.address + "/")
    page.get_by_text("Active: 1 · Cleared: 0 · shelved: 1").wait_for()
    page.get_by_role("link", name="Shelve").click()
    page.get_by_label("Why").wait_for()
    assert said == []
    page.context.close()


def test_a_set_point_is_looked_at_confirmed_accepted_and_withdrawn(
    chromium: Browser, site: Site, control: Control
) -> None:
    page, said = look(chromium, site, "en", 390)
    page.goto(site.address + "/grid")
    page.get_by_role("link", name="Set-point by hand").click()
    page.get_by_label("What").select_option("device:battery.charge")
    page.get_by_label("Value").fill("300")
    page.get_by_label("Why").fill("test of the inverter")
    page.get_by_role("button", name="See what it would do").click()
    page.get_by_text("The plant allows 0 to").wait_for()
    page.get_by_label("Value").fill("6")
    page.get_by_role("button", name="See what it would do").click()
    facts = page.locator(".facts")
    assert "5 MW" in (facts.text_content() or "")
    assert "up to 1 MW" in (facts.text_content() or "")
    page.get_by_role("button", name="Confirm and send").click()
    page.get_by_text("The controller has accepted it.").wait_for()
    page.get_by_role("link", name="To the grid page").click()
    row = page.locator("#orders tr", has_text="battery charge")
    assert "test of the inverter" in (row.text_content() or "")
    row.get_by_role("link", name="Withdraw").click()
    assert "5 to 5 MW" in (page.locator("#then").text_content() or "")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Withdraw it").click()
    page.get_by_text("The controller has done it.").wait_for()
    page.get_by_text("Nobody orders anything").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    said = [each for each in said if "422" not in each]
    assert said == []
    page.context.close()


def test_a_large_one_waits_for_a_colleague(chromium: Browser, site: Site, control: Control) -> None:
    """Its maker sees that it waits and cannot approve it; the colleague's yes arrives by itself."""
    mine, _ = look(chromium, site, "zh", 1440)
    mine.goto(site.address + "/grid/set-point")
    mine.get_by_label("数值").fill("40")
    mine.get_by_label("原因").fill("馈线试验")
    mine.get_by_role("button", name="查看影响").click()
    mine.get_by_role("button", name="确认并提交第二人批准").click()
    mine.get_by_text("等待第二人批准").wait_for()
    mine.get_by_text("不可批准自己的申请").wait_for()
    assert mine.locator("#approve").count() == 0
    li = other(site, "li", Role.OPERATOR)
    theirs, _ = look(chromium, li, "en", 1440)
    theirs.goto(site.address + "/grid")
    theirs.locator(".waiting a").click()
    theirs.get_by_text("馈线试验").wait_for()
    theirs.get_by_role("button", name="Approve and send").click()
    theirs.get_by_text("The controller has accepted it.").wait_for()
    mine.get_by_text("控制器已接受。").wait_for()
    mine.goto(site.address + "/journal?group=people&person=li")
    mine.get_by_text("批准设定值").first.wait_for()
    mine.locator(".stream").get_by_text("指令：净上网功率目标 40 MW").wait_for()
    for page in (mine, theirs):
        page.context.close()


def test_a_viewer_is_refused(chromium: Browser, site: Site, control: Control) -> None:
    viewer = other(site, "zhao", Role.VIEWER)
    page, _ = look(chromium, viewer, "en", 1440)
    page.goto(site.address + "/grid")
    assert page.get_by_role("link", name="Set-point by hand").count() == 0
    page.goto(site.address + "/alarms")
    assert page.locator("#board button, #board a").count() == 0
    answer = page.goto(site.address + "/grid/set-point")
    assert answer is not None
    assert answer.status == 403
    page.get_by_text("this needs the right to operate").wait_for()
    page.context.close()


def test_what_was_known_yesterday_at_six(chromium: Browser, site: Site, control: Control) -> None:
    """Two clicks from the journal; nothing of what was decided half a minute later."""
    page, said = look(chromium, site, "en", 1440)
    page.goto(site.address + "/journal")
    page.get_by_text("each follows from the one before").first.wait_for()
    page.get_by_role("link", name="What was known then").click()
    page.get_by_role("link", name="Yesterday 18:00").click()
    page.get_by_role("heading", name="18:00:00").wait_for()
    assert page.locator("#target").text_content() == "7 MW"
    page.get_by_text("called on to reach the target").wait_for()
    page.get_by_text("The journal's chain is whole.").wait_for()
    assert "99" not in (page.locator("main").text_content() or "")
    page.get_by_role("link", name="The journal around it").click()
    page.locator(".stream").get_by_text("target 7 MW, export 7 MW").wait_for()
    assert said == []
    page.context.close()

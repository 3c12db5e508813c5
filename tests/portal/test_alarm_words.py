"""Alarms in words for people: the controller's own sentences, with points as they are called."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.portal.doors import enter, until
from zeroplant.files import write_atomic
from zeroplant.operate.alarms import MEANINGS, Alarm
from zeroplant.plan.report.names import Names
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.alarm_words import alarm_told, alarms_told, cause_told
from zeroplant.portal.app import application
from zeroplant.portal.service import Service
from zeroplant.portal.wording import ALARM_KINDS

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
NAMES = Names({"battery": "battery"})


@pytest.mark.parametrize(
    ("code", "key", "detail", "en", "zh"),
    [
        ("silent", "battery.charge", "", "battery charge has not been heard of in time",
         "battery 充电 未按时上送数据"),
        ("link lost", "plc.one", "TimeoutError: no answer", "on the link plc.one:",
         "链路 plc.one 无应答：超时：无应答"),
        ("planner failed", "", "level of 'battery.level' at 2026-07-01 08:00", "'battery level' at",
         "“battery 储量”在 2026-07-01 08:00 的库存"),
        ("fault", "inbox", "x", "the inbox of orders failed: x", "指令收件箱 出错：x"),
        ("planner failed", "", "the deadline has passed", "the deadline has passed",
         "计划程序未给出新计划：已到求解时限"),
    ],
)  # fmt: skip
def test_causes(code: str, key: str, detail: str, en: str, zh: str) -> None:
    """A point by its name, another key as it is; what others wrote is turned."""
    told = cause_told(Alarm(code, key, NOW, detail=detail).said(), NAMES)
    assert en in told.en
    assert zh in told.zh


def test_every_kind_has_a_short_name() -> None:
    """A kind that is added is noticed here."""
    assert set(ALARM_KINDS) == set(MEANINGS)


@pytest.mark.parametrize(
    ("name", "en", "zh"),
    [
        ("silent: battery.charge", "silent: battery charge", "无数据：battery 充电"),
        ("silent: battery.online", "silent: battery answers", "无数据：battery 应答"),
        ("fault: inbox", "fault of the control: the inbox of orders", "控制程序出错：指令收件箱"),
        ("contradiction: person: target", "orders contradict: a person: target of net export",
         "指令矛盾：运行人员：净上网功率目标"),
        ("link lost: twin", "link lost: simulated plant", "链路中断：仿真电厂"),
        ("disk: ", "records not written", "记录写入失败"),
    ],
)  # fmt: skip
def test_an_alarm_by_its_name(name: str, en: str, zh: str) -> None:
    """As the journal tells that somebody has seen it, without the controller's own words."""
    assert alarm_told(name, NAMES) == (en, zh)


def test_live_and_its_stream_say_it_so(service: Service) -> None:
    """What the overview's script shows to people of either language."""
    alarm = Alarm("planner failed", "", NOW, detail="the deadline has passed").said()
    image: dict[str, Any] = {
        "at": NOW.isoformat(), "target": None, "achievable": None, "exchange": None,
        "source": "schedule", "points": {}, "alarms": [alarm], "links": {},
    }  # fmt: skip
    write_atomic(service.folder.live, json.dumps(image))
    with TestClient(application(service), follow_redirects=False) as client:
        enter(client, service, "lin", Grant(Role.VIEWER))
        until(lambda: client.get("/api/v1/live").status_code == 200)
        (told,) = client.get("/api/v1/live").json()["alarms"]
        event = client.app._inner.state.watch._event.decode()  # type: ignore[attr-defined]
    for said in (
        told["cause_zh"],
        json.loads(event.removeprefix("data: "))["alarms"][0]["cause_zh"],
    ):
        assert not re.search("[a-z]{3}", said), said


@pytest.mark.parametrize("alarms", [None, 7, ["?"]])
def test_what_is_no_alarm_is_left(alarms: object) -> None:
    assert alarms_told({"alarms": alarms}, NAMES) == {"alarms": alarms}

"""The controller's answers in Chinese: each sentence it really says has its words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from zeroplant.operate.alarms import Alarms
from zeroplant.operate.folder import PlantFolder, answered, submit
from zeroplant.operate.inbox import Inbox
from zeroplant.operate.recording import Recording
from zeroplant.operate.wish import Wish
from zeroplant.portal.answers import answer_told

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "key", "hours", "chinese"),
    [
        ("withdraw", "a1", 1, "指令“a1”不在执行中"),
        ("acknowledge", "silent: wind", 1, "没有告警“silent: wind”"),
        ("device", "sun.moon", 1, "没有可设定的量“sun.moon”"),
        ("target", "", -1, "已失效：其结束时间已过"),
    ],
)
def test_each_refusal_is_told_in_chinese(
    tmp_path: Path, kind: str, key: str, hours: int, chinese: str
) -> None:
    """As the inbox itself writes it, so that a changed sentence is noticed here."""
    folder = PlantFolder(tmp_path)
    start = NOW - timedelta(hours=2)
    submit(folder, Wish("w1", "wang", kind, 1.0, start, NOW + timedelta(hours=hours), key, "x"))
    recording = Recording(folder)
    Inbox(recording).orders(NOW, Alarms(), settable={"battery.charge"})
    recording.close()
    ((_, _, said),) = answered(folder)
    assert said["accepted"] is False
    told = answer_told(said["reason"])
    assert (told.en, told.zh) == (said["reason"], chinese)


def test_what_has_no_words_stays_as_it_was_written() -> None:
    assert answer_told("the breaker is open") == ("the breaker is open", "the breaker is open")
    assert answer_told(None).zh == ""

"""Alarms in words for people: points as they are called, and what others wrote in Chinese too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zeroplant.plan.report.names import Names
from zeroplant.plan.report.text import Text
from zeroplant.portal.answers import chinese


def cause_told(said: Mapping[str, Any], names: Names) -> Text:
    """The cause of an alarm as the controller tells it, its point as it is called elsewhere."""
    key = str(said.get("key", ""))
    en, zh = str(said.get("cause", "")), str(said.get("cause_zh", ""))
    if names.knows(key):
        called = names.part(key)
        en, zh = en.replace(key, called.en, 1), zh.replace(key, called.zh, 1)
    return Text(en, chinese(zh))


def alarms_told(image: dict[str, Any], names: Names) -> dict[str, Any]:
    """An image whose alarms are in words for people; one that has none is left as it is."""
    alarms = image.get("alarms")
    if not isinstance(alarms, list):
        return image
    return {**image, "alarms": [_told(each, names) for each in alarms]}


def _told(alarm: Any, names: Names) -> Any:
    if not isinstance(alarm, dict):
        return alarm
    cause = cause_told(alarm, names)
    return {**alarm, "cause": cause.en, "cause_zh": cause.zh}

"""Alarms in words for people: points as they are called, and what others wrote in Chinese too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zeroplant.plan.report.names import Names
from zeroplant.plan.report.text import Text
from zeroplant.portal.answers import answer_told
from zeroplant.portal.wording import ALARM_KINDS, LINKS, ORDER_KINDS, PARTS, SOURCES, worded


def cause_told(said: Mapping[str, Any], names: Names) -> Text:
    """The cause of an alarm as the controller tells it, its point as it is called elsewhere."""
    key = str(said.get("key", ""))
    en, zh = str(said.get("cause", "")), str(said.get("cause_zh", ""))
    if key:
        called = about_told(str(said.get("code", "")), key, names)
        en, zh = en.replace(key, called.en, 1), zh.replace(key, called.zh, 1)
    return Text(answer_told(en, names).en, answer_told(zh, names).zh)


def about_told(code: str, key: str, names: Names) -> Text:
    """What an alarm is about: a point, a part of the control, two orders, or what it is called."""
    if code == "fault":
        return worded(PARTS, key)
    if code == "link lost":
        return worded(LINKS, key)
    if code == "contradiction":
        source, _, kind = key.partition(": ")
        return Text("{}: {}", "{}：{}").format(worded(SOURCES, source), worded(ORDER_KINDS, kind))
    return names.part(key) if names.knows(key) else names.node(key)


def alarm_told(name: str, names: Names) -> Text:
    """An alarm by the name under which wishes about it go: its kind and what it is about."""
    code, _, key = name.partition(": ")
    kind = worded(ALARM_KINDS, code)
    if not key:
        return kind
    return Text("{}: {}", "{}：{}").format(kind, about_told(code, key, names))


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

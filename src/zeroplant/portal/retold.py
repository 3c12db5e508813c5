"""Records of the journal and of the diary in words, and what each is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zeroplant.plan.report.names import Names
from zeroplant.plan.report.text import Text, same
from zeroplant.portal.access.places import place_of
from zeroplant.portal.alarm_words import alarm_told, cause_told
from zeroplant.portal.answers import answer_told
from zeroplant.portal.figures import figure
from zeroplant.portal.wording import (
    CHANGES,
    DEEDS,
    ORDER_KINDS,
    REASONS,
    REPORTS,
    SOURCES,
    STATES,
    STATUSES,
    worded,
)
from zeroplant.store import Record

NOTHING = same("")
Units = Mapping[str, str]
"""Units of points by name."""


@dataclass(frozen=True)
class Retold:
    """A record for people. ``who`` is a person, empty for the controller's own doing.

    ``internal`` is what the controller itself calls what it is about: a point, an order. ``place``
    is where in the plant's tree it belongs, empty for the whole plant; ``bad`` whether something
    was refused or went wrong.
    """

    what: Text
    why: Text = NOTHING
    who: str = ""
    place: str = ""
    bad: bool = False
    internal: str = ""


class Teller:
    """Puts records of a plant into words."""

    def __init__(self, names: Names, units: Units) -> None:
        self._names, self._units = names, units
        self._ways: Mapping[str, Callable[[Record], Retold]] = {
            "decision": self._decision,
            "observation": self._observation,
            "standing": self._standing,
            "command": self._command,
            "acknowledgement": self._acknowledgement,
            "alarm": self._alarm,
            "plan": self._plan,
            "forecast": self._forecast,
            "response": self._response,
            "note": self._note,
            "order": self._order,
            "cycle": self._cycle,
            "commitment": self._commitment,
            "capability": self._capability,
            "day-ahead": self._day_ahead,
        }

    def told(self, record: Record) -> Retold:
        """A record in words; one of another version is told by its kind and key."""
        try:
            if record.kind == "person":
                return self._deed(record) if "what" in record.payload else self._wish(record)
            return self._ways[record.kind](record)
        except (LookupError, TypeError, ValueError, AttributeError):
            return Retold(same(f"{record.kind}: {record.key}".rstrip(": ")))

    def setpoints(self, payload: Mapping[str, Any]) -> list[tuple[str, Text, Text, Text]]:
        """The set-points of a decision: flow, what it is called, value and why."""
        return [
            (name, self._names.part(name), self._much(name, value), worded(REASONS, reason))
            for name, (value, reason, *_) in payload.get("setpoints", {}).items()
        ]

    def _much(self, name: str, value: float | None) -> Text:
        return figure(value, self._units.get(name, "MW"))

    def _decision(self, record: Record) -> Retold:
        said = record.payload
        what = Text("target {}, export {}", "目标 {}，净上网 {}").format(
            figure(said["target"], "MW"), figure(said["exchange"], "MW")
        )
        return Retold(what, worded(SOURCES, said["source"]), bad=said["source"] == "fail-safe")

    def _observation(self, record: Record) -> Retold:
        said = record.payload
        count, weak = len(said["values"]), len(said["taken"])
        form = Text("image of {} points, {} of them inferred", "{} 个测点的镜像，其中 {} 个为推算")
        return Retold(form.format(str(count), str(weak)))

    def _standing(self, record: Record) -> Retold:
        said = record.payload
        orders = len(said["orders"]) + len(said["called"])
        form = Text("what stands: {} alarms, {} orders", "现存：告警 {} 条，指令 {} 条")
        return Retold(form.format(str(len(said["alarms"])), str(orders)))

    def _command(self, record: Record) -> Retold:
        form = Text("{}: told {}", "{}：设定 {}")
        name = record.key
        what = form.format(self._names.part(name), self._much(name, record.payload["value"]))
        why = record.payload.get("reason")
        return Retold(what, worded(REASONS, why) if why else NOTHING, place=place_of(name),
                      internal=name)  # fmt: skip

    def _acknowledgement(self, record: Record) -> Retold:
        taken = bool(record.payload["accepted"])
        form = Text("{} takes its set-point", "{} 已接受设定值") if taken else Text(
            "{} refuses its set-point", "{} 拒绝设定值"
        )  # fmt: skip
        why = answer_told(record.payload.get("reason"), self._names)
        return Retold(form.format(self._names.part(record.key)), why,
                      place=place_of(record.key), bad=not taken, internal=record.key)  # fmt: skip

    def _alarm(self, record: Record) -> Retold:
        said = record.payload
        change = worded(CHANGES, said["change"]).format(said["by"])
        what = Text("alarm {}: {}", "告警{}：{}").format(change, cause_told(said, self._names))
        why = Text(said["remedy"], said["remedy_zh"]) if said["change"] == "raised" else NOTHING
        who = said["by"] if said["change"] == "acknowledged" else ""
        bad = said["change"] == "raised"
        return Retold(what, why, who, place_of(said["key"]), bad, record.key)

    def _plan(self, record: Record) -> Retold:
        said = record.payload
        note = answer_told(said.get("note"), self._names)
        form = Text("new schedule, {}", "新计划，{}")
        return Retold(form.format(worded(STATUSES, said["status"])), note)

    def _forecast(self, record: Record) -> Retold:
        count = sum(isinstance(each, list | Mapping) for each in record.payload.values())
        return Retold(Text("forecasts of {} quantities", "{} 个量的预测").format(str(count)))

    def _response(self, record: Record) -> Retold:
        said = record.payload
        what = Text("response to {}: {} of {}", "对 {} 的响应：{} / {}").format(
            record.key, figure(said.get("measured_energy"), "MWh"),
            figure(said.get("awarded_energy"), "MWh"),
        )  # fmt: skip
        return Retold(what, answer_told(said.get("note"), self._names))

    def _note(self, record: Record) -> Retold:
        if record.key == "forecasts":
            return self._lacking(record.payload)
        return Retold(Text(str(record.payload["en"]), str(record.payload["zh"])))

    def _lacking(self, said: Mapping[str, Any]) -> Retold:
        """What would make forecasts better, by quantity; nothing where all are at their best."""
        if not said:
            return Retold(Text("forecasts lack nothing any more", "预测已无缺项"))
        called = [self._names.part(name) for name in said]
        worse = Text(", ".join(each.en for each in called), "、".join(each.zh for each in called))
        what = Text("forecasts could be better: {}", "可改进的预测：{}").format(worse)
        return Retold(what, answer_told("; ".join(dict.fromkeys(map(str, said.values())))))

    def _order(self, record: Record) -> Retold:
        """An order from outside: that it came, or that it holds no more."""
        said = record.payload
        device = said.get("kind") == "device"
        about = self._names.part(said["key"]) if device else worded(ORDER_KINDS, said["kind"])
        form = Text("order ended: {} {}", "指令结束：{} {}") if said.get("ended") else Text(
            "order: {} {}", "指令：{} {}"
        )  # fmt: skip
        what = form.format(about, self._much(said["key"] if device else "", said["value"]))
        return Retold(what, worded(SOURCES, said["source"]),
                      place=place_of(said["key"]) if device else "",
                      internal=said["key"])  # fmt: skip

    def _cycle(self, record: Record) -> Retold:
        count = same(str(len(record.payload)))
        return Retold(Text("a cycle; {} things changed", "一个控制周期，{} 项变化").format(count))

    def _commitment(self, record: Record) -> Retold:
        said = record.payload
        what = Text("promise {}: {}", "承诺 {}：{}").format(
            answer_told(record.key), worded(STATES, said["state"])
        )  # fmt: skip
        return Retold(what, bad=said["state"] == "broken")

    def _capability(self, record: Record) -> Retold:
        count = same(str(len(record.payload)))
        return Retold(Text("{} capacities worked out", "计算了 {} 项能力").format(count))

    def _day_ahead(self, record: Record) -> Retold:
        said = record.payload
        day = str(said.get("date") or said.get("day") or "")
        return Retold(Text("told of {}: the day ahead", "上报 {} 日前计划").format(day))

    def _wish(self, record: Record) -> Retold:
        """What a person asked of the controller, and whether it did so."""
        said, taken = record.payload, bool(record.payload.get("accepted"))
        kind = str(said.get("kind", ""))
        what, place = worded(ORDER_KINDS, kind), ""
        if kind in ("acknowledge", "shelve"):
            place = place_of(said["key"].partition(": ")[2])
            what = Text("{} ({})", "{}（{}）").format(what, alarm_told(said["key"], self._names))
        elif kind and kind != "withdraw":
            place = place_of(said["key"]) if kind == "device" else ""
            about = self._names.part(said["key"]) if kind == "device" else what
            what = Text("order: {} {}", "指令：{} {}").format(
                about, self._much(said["key"], said["value"])
            )
        if not taken:
            what = Text("refused: {}", "拒绝：{}").format(what)
        why, who = str(said.get("reason") or ""), str(said.get("person", ""))
        return Retold(what, same(why), who, place, not taken, str(said.get("key", "")))

    def _deed(self, record: Record) -> Retold:
        """What a person did in the control room."""
        said, deed = record.payload, str(record.payload["what"])
        place, about = str(said.get("place", "")), record.key
        if deed in ("acknowledge", "shelve"):
            place = place_of(about.partition(": ")[2])
            what = worded(DEEDS, deed).format(alarm_told(about, self._names))
        else:
            what = worded(DEEDS, deed).format(about)
        if more := self._particulars(said, deed, place):
            what = Text("{}: {}", "{}：{}").format(what, more)
        why, who = same(str(said.get("reason", ""))), str(said["who"])
        return Retold(what, why, who, place, "refused" in deed, str(said.get("flow") or about))

    def _particulars(self, said: Mapping[str, Any], deed: str, place: str) -> Text | None:
        """What a deed was about: a set-point, an order, a report of a kind."""
        if "flow" in said:
            about = self._names.part(said["flow"]) if said["flow"] else worded(
                ORDER_KINDS, said["kind"]
            )  # fmt: skip
            return Text("{} {}", "{} {}").format(about, self._much(said["flow"], said["value"]))
        if deed == "withdrew an order" and place:
            return self._names.part(place.replace("/", "."))
        return worded(REPORTS, said["kind"]) if deed == "asked for a report" else None

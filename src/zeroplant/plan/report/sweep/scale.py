"""How figures of a sweep are shown: along an axis, in a table, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zeroplant.plan.report.charts.amounts import MILLION, Amounts, amounts
from zeroplant.plan.report.figures import NONE, emissions, money, number, percent, unit_text
from zeroplant.plan.report.names import Names
from zeroplant.plan.report.text import Say, Text, same
from zeroplant.plan.sweep import Measure, Parameter, Point, Sweep


@dataclass(frozen=True)
class Scale:
    """An axis: ``factor`` from a figure to what is drawn, its unit and its labels."""

    factor: float
    unit: Text
    amounts: Amounts | None = None
    names: tuple[str, ...] = ()

    def label(self, drawn: float) -> Say:
        """What stands at a tick."""
        if self.names:
            place = round(drawn)
            return _short(self.names[place]) if 0 <= place < len(self.names) else ""
        return self.amounts.label(drawn) if self.amounts else number(drawn, 4)


def scale(measure: Measure, values: Sequence[float], sweep: Sweep) -> Scale:
    """How a measure is drawn."""
    if measure.form == "money":
        found = amounts(np.array(values) * MILLION, sweep.currency)
        return Scale(MILLION, found.unit, found)
    if measure.form == "share":
        return Scale(100.0, same("%"))
    if measure.kind == "parameter":
        parameter = next(each for each in sweep.parameters if each.key == measure.name)
        if parameter.numbers is None:
            return Scale(1.0, same(""), names=parameter.values)
    return Scale(1.0, unit_text(measure.unit, sweep.currency))


def title(measure: Measure, sweep: Sweep) -> Text:
    """What a measure is called."""
    return (
        Names(sweep.kinds).part(measure.name)
        if measure.kind == "size"
        else Text(measure.english, measure.chinese)
    )


def shown(measure: Measure, point: Point, sweep: Sweep) -> Text:
    """A figure of a point with its unit."""
    if measure.kind == "parameter":
        return same(point.changes[measure.name])
    value = measure.of(point, sweep)
    if value is None:
        return same(NONE)
    if measure.form == "money":
        return money(value, sweep.currency)
    if measure.form == "share":
        return same(percent(value))
    if measure.name == "emissions":
        return same(emissions(value))
    unit = unit_text(measure.unit, sweep.currency)
    return Text(f"{number(value)} {unit.en}".rstrip(), f"{number(value)} {unit.zh}".rstrip())


def name_of(point: Point, parameters: Sequence[Parameter]) -> str:
    """A point by what is different in it; entries that are the same everywhere say nothing."""
    telling = [each.key for each in parameters if len(each.values) > 1]
    return ", ".join(f"{last(key)} = {point.changes[key]}" for key in telling)


def last(key: str) -> str:
    """The end of a key that tells it: ``assets.wind.power`` → wind.power."""
    return ".".join(key.split(".")[-2:])


def _short(words: str) -> str:
    return words if len(words) <= 14 else words[:13] + "…"

"""What goes on around a loop: one part that fails stops none of the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from tests.operate.small_plant import START, small_plant
from zeroplant.operate.alarms import Condition
from zeroplant.operate.around import Around
from zeroplant.operate.orders import DispatchCentre, Order


class Noted:
    """A part that notes when it is told of a cycle, and may fail then."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails, self.told = fails, 0

    def look(self, *_: object) -> None:
        self.told += 1
        if self.fails:
            message = "it broke"
            raise KeyError(message)

    def troubles(self) -> list[Condition]:
        return []


class Later(Noted):
    """Another part."""


def test_a_part_that_fails_is_an_alarm_and_the_others_go_on() -> None:
    around = Around(None, "UTC")
    owed, planning, later = Noted(fails=True), Noted(), Later()
    parts: Any = around
    parts.owed, parts.planning, parts.parts = owed, planning, [Noted(fails=True), later]
    planning.schedule = None  # type: ignore[attr-defined]
    plant = small_plant()
    decision = plant.cycles(1)
    for _ in range(3):
        around.look(plant.image(), decision)
    assert (owed.told, planning.told, later.told) == (3, 3, 3)
    assert {each[1] for each in around.troubles()} == {"promises", "noted"}
    owed.fails = False
    around.look(plant.image(), decision)
    assert {each[1] for each in around.troubles()} == {"noted"}


def test_the_fail_safe_limit_goes_on_while_other_callers_are_a_mess() -> None:
    """An event that cannot be read freezes the events alone; what the centre is lost to does not.

    A limit that was frozen with them would end two minutes later.
    """
    line, moment = DispatchCentre(5.0), [0.0]

    def now() -> list[Order]:
        return line.limits(START + timedelta(seconds=moment[0]), moment[0])

    def event() -> Sequence[Order]:
        if moment[0] > 0.0:
            message = "an interval without an end"
            raise ValueError(message)
        return [Order("contract", "target", 1.0, START, START + timedelta(hours=1))]

    around: Any = Around(None, "UTC")
    around.callers = SimpleNamespace(
        commanded=list, events=event, limits=now, troubles=list, prices=dict
    )
    around.orders()
    moment[0] = 600.0
    at = START + timedelta(seconds=600)
    held = [(each.source, each.value) for each in around.orders() if each.start <= at < each.until]
    assert held == [("contract", 1.0), ("dispatch centre", 5.0)]
    assert [each[1] for each in around.troubles()] == ["demand response"]

"""Whether a device did what it was told, by what was measured before, while it held, and after."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

import pytest

from tests.links.fakes import START, FakeLink, HandClock, in_loop, wish
from zeroplant.links import Acknowledgement, Point, Reading, Setpoint
from zeroplant.links.probe import LAPSE, Trial, Verdict, attempt

POINT = Point("b.charge", "MW", True, 0.0, 50.0)


def verdict(
    value: float, before: float, last: float, after: float | None = None, *, limit: bool = False
) -> Verdict:
    """Of a device of 50 MW."""
    answer = Acknowledgement(POINT.name, True, START)
    trial = Trial(Setpoint(POINT.name, value, START), answer, limit, Reading(before, START))
    trial.during = [Reading(each, START) for each in (before, last)]
    trial.after = None if after is None else Reading(after, START)
    return trial.verdict(POINT)


@pytest.mark.parametrize("value", [1.0, 2.0, 5.0, 30.0, 50.0])
@pytest.mark.parametrize("before", [0.0, 10.0, 49.0])
def test_a_device_that_does_nothing_never_follows(value: float, before: float) -> None:
    """However small the step is beside the range; one that nearly gets there does follow."""
    told = abs(value - before) >= 1.0
    assert verdict(value, before, before).follows == (False if told else None)
    nearly = value + 0.01 * (before - value)
    assert verdict(value, before, nearly).follows == (True if told else None)


def test_what_lies_within_a_meters_error_is_not_judged() -> None:
    found = verdict(0.9, 0.0, 0.9)
    assert found == Verdict(None, why="it was 0 MW before; ask for 1 MW away from that")
    assert verdict(5.0, nan, 5.0).follows is None
    assert verdict(5.0, nan, nan) == Verdict(
        None, why="it was not measured before, or while it held"
    )


def test_a_limit_must_bind() -> None:
    """What is below it anyway shows nothing; what was above it must come down."""
    assert verdict(30.0, 10.0, 10.0, limit=True).follows is None
    assert "ask for 1 MW below that" in verdict(30.0, 10.0, 10.0, limit=True).why
    assert verdict(5.0, 10.0, 10.0, limit=True) == Verdict(False)
    assert verdict(5.0, 10.0, 4.0, limit=True) == Verdict(True)


def test_a_set_point_must_lapse() -> None:
    """It is left after its end; where a device rests where it was set, that cannot be told."""
    assert verdict(5.0, 0.0, 5.0, 0.0) == Verdict(True, True)
    assert verdict(5.0, 2.0, 5.1, 2.0) == Verdict(True, True)
    assert verdict(5.0, 0.0, 5.0, 5.1) == Verdict(True, False)
    assert verdict(0.0, 5.0, 0.0, 0.0) == verdict(5.0, 0.0, 5.0, nan) == Verdict(True, None)


@pytest.mark.parametrize("fallback", [None, 0.5])
@in_loop
async def test_a_trial_reads_before_while_it_holds_and_after(fallback: float | None) -> None:
    """The device obeys; without a timer it is put to its fallback, and left there."""
    clock = HandClock()
    link = FakeLink(clock, fallback)
    tell = link.write

    async def obey(wishes: Sequence[Setpoint]) -> list[Acknowledgement]:
        link.values["battery.charge"] = wishes[0].value
        return await tell(wishes)

    link.write = obey  # type: ignore[method-assign]
    begun = clock.now()
    trial = await attempt(link, clock, wish(clock, 7.0, seconds=6.0), deadline=2.0)
    assert trial.before is not None
    assert (trial.before.value, {each.value for each in trial.during}) == (1.0, {7.0})
    assert len(trial.during) == 4
    assert trial.verdict(link.points["battery.charge"]) == Verdict(True, fallback is not None)
    took = (clock.now() - begun).total_seconds()
    assert took == (6.0 if fallback is not None else 6.0 + LAPSE + 1.0)

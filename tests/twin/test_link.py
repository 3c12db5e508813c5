"""The twin's devices as a link: ages and validities, whatever clocks say; what is lost is said."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import numpy as np
import pytest

from zeroplant.links.link import Quality, Setpoint
from zeroplant.operate.image import Image, micros, unknown
from zeroplant.twin.clock import SimulatedClock
from zeroplant.twin.link import TwinLink
from zeroplant.twin.plant import Twin
from zeroplant.twin.prepare import Prepared
from zeroplant.twin.quarters import Quarters

HOUR, STEP = timedelta(hours=1), timedelta(minutes=15)


class Wrong:
    """A controller's clock that is an hour behind."""

    def __init__(self, clock: SimulatedClock) -> None:
        self.clock = clock

    def now(self) -> datetime:
        return self.clock.now() - HOUR

    async def sleep(self, seconds: float) -> None:
        raise NotImplementedError


@pytest.fixture
def twin(county: Prepared) -> Twin:
    clock = SimulatedClock(county.truth.network.axis.start)
    twin = Twin(county.truth, seed=1, step=10.0, clock=clock)
    twin.advance(60.0)
    return twin


def test_no_clock_has_to_agree_with_another(twin: Twin) -> None:
    link = TwinLink(lambda: twin, Wrong(twin.clock))
    here = twin.clock.now() - HOUR
    said = asyncio.run(link.read())
    assert {each.event for each in said.values()} == {here}
    goal = [Setpoint("sun.output", 3.0, here + timedelta(seconds=40))]
    (answer,) = asyncio.run(link.write(goal))
    assert answer.accepted
    place = twin.places(["sun.output"])[0]
    powers = []
    for _ in range(6):
        twin.advance(10.0)
        powers.append(float(twin.true_values()[place]))
    assert powers[:4] == pytest.approx([3.0] * 4, abs=0.01)
    assert powers[5] > powers[4] > 3.1  # it has lapsed after its forty seconds, and comes back


def test_what_is_silent_keeps_its_value_and_takes_nothing(twin: Twin) -> None:
    link = TwinLink(lambda: twin, twin.clock)
    before = asyncio.run(link.read())["battery.level"]
    twin.senses.bent.silent[:] = True
    twin.advance(30.0)
    after = asyncio.run(link.read())["battery.level"]
    assert (after.value, after.event, after.quality) == (before.value, before.event, Quality.LOST)
    until = twin.clock.now() + HOUR
    (answer,) = asyncio.run(link.write([Setpoint("battery.charge", 5.0, until)]))
    assert (answer.accepted, answer.reason) == (False, "no answer")
    assert (link.counters.writes, link.counters.refused) == (1, 1)


def test_what_is_swallowed_is_acknowledged_and_never_comes(twin: Twin) -> None:
    """The one before holds until it lapses; what is lost on the way is not even answered."""
    link = TwinLink(lambda: twin, twin.clock)
    place = twin.places(["sun.output"])[0]

    def told(value: float) -> bool:
        until = twin.clock.now() + timedelta(seconds=40)
        (answer,) = asyncio.run(link.write([Setpoint("sun.output", value, until)]))
        twin.advance(10.0)
        return answer.accepted

    assert told(3.0)
    assert twin.true_values()[place] == pytest.approx(3.0, abs=0.01)
    twin.way.swallows[:] = 1.0
    assert told(1.0)
    assert twin.true_values()[place] == pytest.approx(3.0, abs=0.01)
    twin.way.loses[:] = 1.0
    assert not told(1.0)
    assert twin.true_values()[place] == pytest.approx(3.0, abs=0.01)
    twin.way.swallows[:] = 0.0
    twin.way.loses[:] = 0.5
    assert {told(2.0) for _ in range(20)} == {True, False}


def test_what_is_slow_comes_later_both_ways(twin: Twin) -> None:
    """30 s to the device and 30 s back, each reading with the time at which it was true."""
    link = TwinLink(lambda: twin, twin.clock)
    sun = twin.places(["sun.output"])[0]
    twin.way.takes[sun], twin.senses.bent.late[sun] = 30.0, 3
    twin.advance(40.0)
    until = twin.clock.now() + timedelta(seconds=600)
    asyncio.run(link.write([Setpoint("sun.output", 1.0, until)]))
    true, said, ages = [], [], []
    for _ in range(8):
        twin.advance(10.0)
        reading = asyncio.run(link.read())["sun.output"]
        true.append(float(twin.true_values()[sun]))
        said.append(reading.value)
        ages.append((twin.clock.now() - reading.event).total_seconds())
    assert min(true[:3]) > 3.0
    assert true[3:] == pytest.approx([1.0] * 5, abs=0.01)
    assert min(said[:6]) > 2.5
    assert max(said[6:]) < 2.0
    assert ages == [30.0] * 8
    assert asyncio.run(link.read())["battery.level"].event == twin.clock.now()


def test_means_of_quarter_hours_leave_out_what_was_hardly_heard(twin: Twin) -> None:
    start, points = twin.clock.start, twin.points
    quarters = Quarters(points, start, STEP, 4)

    event = unknown(start, points).event.copy()

    def add(minutes: float, value: float, quality: Quality) -> None:
        nothing = unknown(start, points)
        quality_ = nothing.quality.copy()
        quality_[0] = quality
        value_ = nothing.value.copy()
        value_[0] = value
        at = start + timedelta(minutes=minutes)
        if quality is Quality.GOOD:  # what is lost keeps the event of what was said last
            event[0] = micros(at)
        quarters.add(Image(at, points, value_, event.copy(), quality_))

    name = points.names[0]
    for minute in range(30):
        good = minute < 20
        value = (10.0 if minute < 5 else 40.0) if minute < 15 else 7.0
        add(minute, value, Quality.GOOD if good else Quality.LOST)
    add(30, 1.0, Quality.GOOD)
    found = quarters.means([name], start - STEP, 4, STEP)
    np.testing.assert_allclose(found.mean[name], [np.nan, 30.0, np.nan, np.nan])
    np.testing.assert_allclose(found.last[name], [np.nan, 40.0, 7.0, np.nan])
    with pytest.raises(ValueError, match="steps of"):
        quarters.means([name], start, 1, HOUR)

"""Shards of a fleet, here and on Ray, against the single process and with one of them killed."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from zeroplant.axis import Ints
from zeroplant.bench.mixed_fleet import mixed_fleet
from zeroplant.solve.fleet.joint import Groups, Shared, coordinate
from zeroplant.solve.fleet.schedule import schedule
from zeroplant.solve.fleet.shards import (
    Here,
    LostError,
    Source,
    coordinate_shards,
    schedule_shards,
)
from zeroplant.solve.fleet.shards.protocol import LOSSES
from zeroplant.solve.fleet.shards.shard import Shard
from zeroplant.solve.fleet.tables import Fleet

DEVICES, STEPS = 1000, 24


def part_of(k: int, n: int) -> tuple[Fleet, Ints]:
    """Every n-th device of an invented fleet, in groups 1 and 2 of three."""
    whole = mixed_fleet(DEVICES, 3, steps=STEPS, hours=1.0)
    return whole[k::n], members()[k::n]


def members() -> Ints:
    """Group of each device."""
    return 1 + np.arange(DEVICES) // 3 % 2


def shared(member: Ints, *, limit: float = np.inf, slope: float = 0.0) -> Shared:
    """A plant with two feeders."""
    most = np.full((3, STEPS), limit)
    most[0] = np.inf
    groups = Groups(
        np.array([-1, 0, 0]), member, most, np.full_like(most, -np.inf), np.zeros_like(most)
    )
    return Shared(np.zeros(STEPS), np.full(STEPS, slope), groups)


class Forgetful(Here):
    """Shards of which one is lost at a certain question: as if its machine had stopped."""

    def __init__(self, source: Source, count: int, at: int, times: int = 1) -> None:
        super().__init__(source, count)
        self.source, self.at, self.times, self.asked = source, at, times, 0

    def ask(self, name: str, *given: Any, only: int | None = None) -> list[Any]:
        answers = super().ask(name, *given, only=only)
        self.asked += 1
        if self.asked >= self.at and self.times and only in {None, 1}:
            self.times -= 1
            self._shards[1] = Shard(*self.source(1, len(self)))
            answers[-1 if only is None else 0] = None
        return answers


def test_each_alone_has_the_same_bits() -> None:
    """*Proves:* shards give every device the very schedule of the single process, also one
    that was lost and answers again. *A wrong answer would be:* another choice among ties.
    """
    whole = schedule(part_of(0, 1)[0], outputs=("power",))
    for shards in (Here(part_of, 3), Forgetful(part_of, 3, 1)):
        for k, part in enumerate(schedule_shards(shards, outputs=("power",))):
            np.testing.assert_array_equal(part.cost, whole.cost[k::3])
            np.testing.assert_array_equal(part.power, whole.power[k::3])


@pytest.mark.parametrize("case", [{"slope": 4e-4}, {"limit": 420.0}])
@pytest.mark.parametrize("lost_at", [None, 60, 205])
def test_together_within_the_gap(case: dict[str, float], lost_at: int | None) -> None:
    """*Proves:* a shared price and feeders' limits: bounds of shards and of the single process
    lie below the costs of both, limits hold, totals are those of the schedules handed out;
    whether or not a shard is lost on the way. *A wrong answer would be:* the lost shard's power
    counted twice, or a bound above what another found.
    """
    one = coordinate(part_of(0, 1)[0], shared(members(), **case), gap=1e-3)
    shards = Here(part_of, 2) if lost_at is None else Forgetful(part_of, 2, lost_at)
    found = coordinate_shards(shards, shared(members()[:0], **case), gap=2e-3)
    assert found.gap <= 2e-3
    assert max(found.bound, one.bound) <= min(found.cost, one.cost) + 1e-9 * abs(one.cost)
    assert found.cost == pytest.approx(one.cost, rel=3e-3)
    assert found.excess == 0.0
    assert found.lost == (lost_at is not None)
    power = sum(np.asarray(each.power).sum(axis=0, dtype=float) for each in found.answers)
    np.testing.assert_allclose(power, found.total[0], rtol=1e-5, atol=1e-3)
    for k, each in enumerate(found.answers):
        np.testing.assert_array_equal(each.status <= 1, one.status[k::2] <= 1)


def test_lost_for_good() -> None:
    """*Proves:* a shard that never comes back ends the work with a named reason."""
    with pytest.raises(LostError, match="shard 2 was lost again and again"):
        schedule_shards(Forgetful(part_of, 2, 1, times=3 * LOSSES), outputs=())


def killing(place: Any, at: int) -> Any:
    """Shards on Ray of which the second is killed before a certain question."""
    import ray

    class Killing(place):  # type: ignore[misc]
        asked = 0

        def ask(self, name: str, *given: Any, only: int | None = None) -> list[Any]:
            self.asked += 1
            if self.asked == at:
                ray.kill(self._actors[1])
            answers: list[Any] = super().ask(name, *given, only=only)
            return answers

    return Killing


# Ray opens sockets and files that it leaves to the end of the process.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.slow
def test_on_ray() -> None:
    """*Proves:* two actors give the bits of two shards in this process; one killed in mid-run
    is made anew and the answer is proven to the same gap. *A wrong answer would be:* an actor
    that is not the shard it replaces, or a run that hangs.
    """
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'zeroplant[ray]'")
    from zeroplant.solve.fleet.shards.on_ray import OnRay

    case, gap = shared(members()[:0], limit=420.0), 2e-2
    source = partial(part_of)
    here = coordinate_shards(Here(source, 2), case, gap=gap)
    with OnRay(source, 2) as shards:
        there = coordinate_shards(shards, case, gap=gap)
    assert shards.lost == 0
    assert (there.cost, there.bound, there.passes) == (here.cost, here.bound, here.passes)
    with killing(OnRay, 60)(source, 2) as shards:
        anew = coordinate_shards(shards, case, gap=gap)
    assert (shards.lost, anew.lost) == (1, 1)
    assert anew.gap <= gap
    assert anew.excess == 0.0
    assert max(anew.bound, here.bound) <= min(anew.cost, here.cost) + 1e-9 * abs(here.cost)

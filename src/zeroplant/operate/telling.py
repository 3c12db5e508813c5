"""Telling devices what was decided: what did not arrive is told again, what is urgent goes first.

A device may refuse, be busy, or its answer may be lost. Until a set-point was acknowledged it is
not told: it is due again in the next cycle, and an urgent one stays urgent. A device that may not
be written so often keeps its old value a while longer: it is there, and gets the new one later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from zeroplant.links.link import BUSY, DEFERRED, Acknowledgement, Setpoint
from zeroplant.operate.decision import Decision, Reason
from zeroplant.operate.guard import UNCLIPPED
from zeroplant.operate.points import BoolArray, asset_of

if TYPE_CHECKING:
    from zeroplant.operate.loop import Kept

T = TypeVar("T")
GRID = ("dispatch centre", "safety")
SAFE = int(Reason.FAIL_SAFE)


async def together(calls: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """The answers of all at once; of a single one without the detour of a task of its own."""
    several = list(calls)
    return [await several[0]] if len(several) == 1 else list(await asyncio.gather(*several))


class Telling:
    """Writes the set-points of each decision, to all devices at once.

    ``lost`` names points whose last set-point was not acknowledged, ``refused`` those of them whose
    device was not just busy. Those that wait for their write interval are ``deferred``, not lost.
    """

    def __init__(self, keepers: Sequence[Kept]) -> None:
        self.keepers = keepers
        self.lost: set[str] = set()
        self.refused: set[str] = set()
        self.deferred: set[str] = set()
        self._home = {name: keeper for keeper in keepers for name in keeper.points}
        self._hurried: set[str] = set()
        self._word: tuple[str, str] = ("", "")

    async def tell(self, decision: Decision, names: Sequence[str]) -> list[Acknowledgement]:
        """Set what is worth setting; ``names`` are those of the decision's points."""
        ordered = self._is_new_word(decision)
        places = np.flatnonzero(decision.write & ~np.isnan(decision.setpoints)).tolist()
        if not places:
            return []
        urgent = _urgent(decision, ordered=ordered)
        told: list[tuple[str, Setpoint]] = []
        hurried: set[tuple[str, str]] = set()
        for place in places:
            name = names[place]
            keeper = self._home.get(name)
            if keeper is not None and keeper.points[name].writable:
                if urgent[place] or name in self._hurried:
                    hurried.add((keeper.name, asset_of(name)))
                value = min(float(decision.setpoints[place]), keeper.points[name].most)
                told.append((keeper.name, Setpoint(name, value, decision.until)))
        # An asset is told all at once: one direction may not be taken up before the other rests.
        wishes: dict[tuple[str, bool], list[Setpoint]] = {}
        for device, wish in told:
            hasty = (device, asset_of(wish.point)) in hurried
            wishes.setdefault((device, hasty), []).append(wish)
        answers = await together(self._at_one(keeper, wishes) for keeper in self.keepers)
        first = {each.point for (_, now), some in wishes.items() if now for each in some}
        return self._noted([answer for each in answers for answer in each], first)

    async def _at_one(
        self, keeper: Kept, wishes: dict[tuple[str, bool], list[Setpoint]]
    ) -> list[Acknowledgement]:
        """One device: first what is urgent."""
        answers: list[Acknowledgement] = []
        for urgent in (True, False):
            if some := wishes.get((keeper.name, urgent)):
                answers += await keeper.write(some, urgent=urgent)
        return answers

    def _noted(self, answers: list[Acknowledgement], hurried: set[str]) -> list[Acknowledgement]:
        for answer in answers:
            point = answer.point
            for held in (self.lost, self.refused, self.deferred):
                held.discard(point)
            if answer.accepted:
                self._hurried.discard(point)
                continue
            if answer.reason == DEFERRED:
                self.deferred.add(point)
                continue
            self.lost.add(point)
            if answer.reason != BUSY:
                self.refused.add(point)
            if point in hurried:
                self._hurried.add(point)
        return answers

    def _is_new_word(self, decision: Decision) -> bool:
        """Whether the dispatch centre, or safety, asks for something else than before."""
        word = decision.source, f"{decision.target:.6g}"
        changed, self._word = word != self._word, word
        return changed and decision.source in GRID


def _urgent(decision: Decision, *, ordered: bool) -> BoolArray:
    """What the guard changed, the fail-safe, and whatever changes with a word of the grid."""
    whole = np.full(len(decision.setpoints), ordered)
    flows = len(decision.clip)
    whole[:flows] |= (decision.clip > UNCLIPPED) | (decision.reason[:flows] == SAFE)
    return whole

"""Devices as draws at their homes: what each can do, bids and does now; and what it is to do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.answers import Answers
from zeroplant.operate.merit import share


@dataclass(frozen=True)
class Table:
    """Devices as draws at their homes: limits, rest, bids, present power; and what is decided.

    ``gain`` is what one more unit of each flow earns.
    """

    lower: Floats
    rest: Floats
    upper: Floats
    up: Floats
    down: Floats
    now: Floats
    draw: Floats
    gain: Floats

    def share(self, which: slice, target: float, answers: Answers | None = None) -> None:
        """Have some devices draw a sum together, as near as they can.

        With ``answers`` the others make up for what slow ones will lack in the next cycle; slow
        ones are told the same as without.
        """
        lower, rest, upper, up, down = (
            column[which] for column in (self.lower, self.rest, self.upper, self.up, self.down)
        )
        draw, _ = share(target, lower, rest, upper, up, down)
        if answers is not None:
            slow, then = answers.late(which, self.now[which], draw)
            if np.count_nonzero(slow):
                lower, rest, upper = (
                    np.where(slow, then, column) for column in (lower, rest, upper)
                )
                others, _ = share(target, lower, rest, upper, up, down)
                draw = np.where(slow, draw, others)
        self.draw[which] = draw

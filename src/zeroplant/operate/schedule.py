"""Schedule: what the plant is to do in the coming steps, what that is worth, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import numpy as np

from zeroplant.axis import Floats

Status = Literal["optimal", "feasible", "kept", "rule"]
"""Proven best; best found by the deadline; an earlier schedule moved on; a rule without solver."""

MISSED = ("missed: ", "broken: ", "breach of ")
"""How flows are named that measure by how much promises are missed and limits broken."""


@dataclass(frozen=True)
class Reason:
    """Why the plan is as it is in steps ``first`` … ``last``: a limit, and what it costs.

    ``price`` is money saved per unit and hour by which the limit on ``what`` were wider, the mean
    of these steps; for the limit of a level, per unit for all of them. ``en`` and ``zh`` say it.
    """

    first: int
    last: int
    what: str
    price: float
    en: str
    zh: str


@dataclass(frozen=True)
class Schedule:
    """A plan made at a moment, step by step; expectations where several futures were planned for.

    ``power`` of flows and ``level`` of stores at the end of each step, (steps,) in inside units;
    ``price`` of a unit·h at each node, ``worth`` of a unit in each store; ``target`` the planned
    net export at the connection in MW, negative for import. ``shortfall`` names promises and
    limits that could not be kept, with how much (unit·h). ``note`` says why a fallback was taken.
    """

    made: datetime
    start: datetime
    step: timedelta
    status: Status
    power: Mapping[str, Floats]
    level: Mapping[str, Floats]
    price: Mapping[str, Floats]
    worth: Mapping[str, Floats]
    target: Floats
    reasons: tuple[Reason, ...] = ()
    shortfall: Mapping[str, float] = field(default_factory=dict)
    cost: float = float("nan")
    note: str = ""

    @property
    def steps(self) -> int:
        """How many steps it covers."""
        return len(self.target)

    @property
    def end(self) -> datetime:
        """The moment up to which it speaks."""
        return self.start + self.steps * self.step

    def place(self, moment: datetime) -> int:
        """The step a moment falls in. Raises IndexError outside of the schedule."""
        place = (moment - self.start) // self.step
        if not 0 <= place < self.steps:
            message = f"the schedule of {self.start} says nothing of {moment}"
            raise IndexError(message)
        return place

    def moved_on(self, now: datetime, start: datetime, note: str) -> Schedule | None:
        """The same plan from a later step on, as one that was kept; None if nothing is left."""
        gone = (start - self.start) // self.step
        if not 0 <= gone < self.steps:
            return None

        def rest(table: Mapping[str, Floats]) -> dict[str, Floats]:
            return {name: values[gone:] for name, values in table.items()}

        reasons = tuple(
            replace(r, first=max(0, r.first - gone), last=r.last - gone)
            for r in self.reasons
            if r.last >= gone
        )
        return replace(
            self, made=now, start=start, status="kept", power=rest(self.power),
            level=rest(self.level), price=rest(self.price), worth=rest(self.worth),
            target=self.target[gone:], reasons=reasons, note=note,
        )  # fmt: skip

    def to_json(self) -> str:
        """As JSON, numbers with ten digits."""
        return json.dumps(self.plain(), allow_nan=True)

    def plain(self) -> dict[str, Any]:
        """As plain lists and mappings, for JSON."""
        tables = {
            name: {key: _rounded(values) for key, values in getattr(self, name).items()}
            for name in _TABLES
        }
        return {
            "made": self.made.isoformat(),
            "start": self.start.isoformat(),
            "step_seconds": self.step.total_seconds(),
            "status": self.status,
            **tables,
            "target": _rounded(self.target),
            "reasons": [vars(reason) for reason in self.reasons],
            "shortfall": dict(self.shortfall),
            "cost": self.cost,
            "note": self.note,
        }

    @classmethod
    def from_json(cls, text: str | bytes) -> Schedule:
        """Read back what `to_json` wrote. Raises ValueError for anything else."""
        try:
            said = json.loads(text)
            tables = {
                name: {key: np.array(values, dtype=float) for key, values in said[name].items()}
                for name in _TABLES
            }
            return cls(
                made=datetime.fromisoformat(said["made"]),
                start=datetime.fromisoformat(said["start"]),
                step=timedelta(seconds=said["step_seconds"]),
                status=said["status"],
                target=np.array(said["target"], dtype=float),
                reasons=tuple(Reason(**reason) for reason in said["reasons"]),
                shortfall=said["shortfall"],
                cost=said["cost"],
                note=said["note"],
                **tables,
            )
        except (KeyError, TypeError, AttributeError) as error:
            message = f"this is no schedule: {error}"
            raise ValueError(message) from None


_TABLES = ("power", "level", "price", "worth")


def _rounded(values: Floats) -> list[float]:
    return [float(f"{value:.10g}") for value in values]

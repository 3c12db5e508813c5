"""What a trader has promised: a file that may be rewritten while the plant runs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from zeroplant.errors import InputError, Problem
from zeroplant.files import load_yaml, problems_of
from zeroplant.operate.commitments import Commitment, Promise
from zeroplant.units import EnergyPrice, Hours, Power

Written = Literal[Promise, "response"]
"""``response`` is a reduction against the baseline, the rest as in `Commitment`."""
DEAREST = 9000.0
"""Money per MWh; above it a promise would be kept at the cost of supply (see `demand`)."""


def _o_clock(said: str) -> str:
    try:
        datetime.strptime(said, "%H:%M")
    except ValueError:
        raise InputError(Problem(f"'{said}' is no time of day", instead="write '10:30'")) from None
    return said


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WrittenCommitment(_Section):
    """One promise as it is written; a time without zone is on the plant's clock."""

    name: str = Field(min_length=1, max_length=80, description="as it is to be shown")
    kind: Written = Field(description="what is promised")
    start: datetime
    until: datetime
    value: Power | None = Field(default=None, description="net export, reserve or reduction")
    values: tuple[Power, ...] = Field(default=(), description="instead: one per quarter-hour")
    price: Annotated[EnergyPrice, Field(gt=0, le=DEAREST)] = Field(
        description="paid per MWh that is missed"
    )
    hours: Annotated[Hours, Field(gt=0, le=24)] = Field(
        default=1.0, description="how long a reserve must last"
    )
    tolerance: Annotated[Power, Field(ge=0)] = Field(
        default=0.0, description="what may be missed at no cost"
    )

    @model_validator(mode="after")
    def _one_value(self) -> Self:
        if (self.value is None) == (not self.values):
            raise InputError(Problem("it has no value", instead="write 'value:' or 'values:'"))
        if self.values and self.kind not in ("schedule", "at least", "at most"):
            raise InputError(Problem(f"'{self.kind}' has one 'value:'", instead="write that"))
        return self

    def commitment(self, zone: ZoneInfo) -> Commitment:
        """The promise itself; the value of a response is still its reduction."""
        value = np.array(self.values) if self.values else float(self.value or 0.0)
        kind: Promise = "at least" if self.kind == "response" else self.kind
        return Commitment(
            self.name, kind, in_utc(self.start, zone), in_utc(self.until, zone), value,
            self.price, self.hours, self.tolerance,
        )  # fmt: skip


class Market(_Section):
    """The market or dispatch centre that is told tomorrow's quarter-hours."""

    closes: Annotated[str, AfterValidator(_o_clock)] = Field(
        description="when tomorrow is told, on the plant's clock"
    )
    price: Annotated[EnergyPrice, Field(gt=0, le=DEAREST)] = Field(
        description="paid per MWh that is missed of what was accepted"
    )
    tolerance: Annotated[Power, Field(ge=0)] = 0.0
    accepted: Literal["all"] | tuple[date, ...] = Field(
        default=(), description="days whose quarter-hours are accepted and so owed, or: all"
    )

    def accepts(self, day: date) -> bool:
        """Whether what was told of a day is owed."""
        return self.accepted == "all" or day in self.accepted


class CommitmentsFile(_Section):
    """The file; both parts may be left out."""

    commitments: tuple[WrittenCommitment, ...] = ()
    market: Market | None = None

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        names = [each.name for each in self.commitments]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            what = f"two commitments are called '{min(twice)}'"
            raise InputError(Problem(what, instead="give each a name of its own"))
        return self


def in_utc(moment: datetime, zone: ZoneInfo) -> datetime:
    """A moment in UTC; without a zone it is on the plant's clock."""
    placed = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
    return placed.astimezone(UTC)


def read_commitments(path: str | Path, zone: ZoneInfo) -> CommitmentsFile:
    """The file, checked. Raises InputError with a line for every problem."""
    file = load_yaml(path)
    try:
        found = CommitmentsFile.model_validate(file.data, context={"file": str(path)})
    except ValidationError as error:
        raise InputError(problems_of(error, file, model=CommitmentsFile)) from None
    problems = [
        file.problem("it ends before it starts", ["commitments", n, "until"],
                     instead="write a later 'until'")
        for n, each in enumerate(found.commitments)
        if in_utc(each.start, zone) >= in_utc(each.until, zone)
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return found

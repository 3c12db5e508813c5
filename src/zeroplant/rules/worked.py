"""Worked examples of a pack: input numbers and the figures they must lead to."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from zeroplant.rules.figures import Number, Part


class Expected(Part):
    """What an example expects of one indicator."""

    value: Number
    margin: Number
    met: bool


class Example(Part):
    """A worked example: of indicators (``account``), of a formula, or of an emission factor.

    ``expect`` is a number for a formula or factor, and otherwise a mapping from indicators.
    ``tolerance`` is relative, or absolute below 1.
    """

    name: str
    expect: Number | dict[str, Expected]
    account: dict[str, Number] | None = None
    formula: str | None = None
    inputs: dict[str, Number] = {}
    region: str | None = None
    kind: str = "average"
    year: int | None = None
    project_class: Annotated[str | None, Field(alias="class")] = None
    tolerance: float = 1e-9
    source: str = ""

    @model_validator(mode="after")
    def _one_subject(self) -> Example:
        if sum(x is not None for x in (self.account, self.formula, self.region)) != 1:
            message = "an example has one of: account, formula, region"
            raise ValueError(message)
        if isinstance(self.expect, dict) != (self.account is not None):
            message = "an example with an account expects indicators, any other a number"
            raise ValueError(message)
        return self

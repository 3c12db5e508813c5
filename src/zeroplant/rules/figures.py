"""The parts of a rule pack: texts, figures with their source, indicators, formulas, tables."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from zeroplant.errors import InputError, Problem
from zeroplant.rules.account import QUANTITIES
from zeroplant.rules.evaluators import EVALUATORS, Sense
from zeroplant.rules.payments import PAYMENTS

Confidence = Literal["high", "medium", "low", "unverified"]
Number = Annotated[float, Field(allow_inf_nan=False)]
Day = Annotated[date, Field(strict=False)]
Dated = Number | dict[Annotated[str, Field(pattern=r"^\d{4}$")], Number]
Value = Dated | dict[Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")], Dated]

CONFIDENCES: tuple[Confidence, ...] = ("unverified", "low", "medium", "high")
"""From the least to the most certain."""


class Part(BaseModel):
    """A strict, immutable part of a pack: unknown keys and wrong types are errors."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Text(Part):
    """The same text in English and Chinese."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)


class Source(Part):
    """Where a figure was read, written out, and how sure it is."""

    source: str = Field(min_length=10)
    confidence: Confidence
    note: str = ""


class Parameter(Source):
    """One figure of a rule.

    ``value`` is a number; or, by the year from which it holds, ``{"2025": 0.3, "2030": 0.35}``;
    or, by class of project, ``{medium: 0.2, large: 0.3}``, each again a number or by year.
    """

    title: Text
    unit: str
    value: Value
    range: tuple[Number, Number] | None = None

    @field_validator("range", mode="before")
    @classmethod
    def _pair(cls, given: object) -> object:
        return tuple(given) if isinstance(given, list) else given

    @property
    def classes(self) -> list[str]:
        """The classes of project its figures go by; none where they do not."""
        keys = self.value if isinstance(self.value, dict) else {}
        return [key for key in keys if not key.isdigit()]

    def figure(self, name: str, year: int, project_class: str | None) -> float:
        """The number that holds for a year and a class of project; InputError if none does."""
        value = self.value
        if isinstance(value, dict) and self.classes:
            if project_class is None or project_class not in value:
                said = f"not '{project_class}'" if project_class else "and none is given"
                what = f"{name} goes by class, {said}"
                raise InputError(Problem(what, instead=f"write class: {' or '.join(value)}"))
            value = value[project_class]
        if isinstance(value, dict):
            begun = [first for first in value if int(first) <= year]
            if not begun:
                what = f"{name} begins in {min(value)}, not in {year}"
                raise InputError(Problem(what, instead=f"write year: {min(value)} or later"))
            value = value[max(begun)]
        return float(value)  # type: ignore[arg-type]  # nothing but a number is left


class Named(Part):
    """Something a pack computes with a function of the program and its own figures.

    ``options`` are the function's arguments that are no figures; ``without`` names figures of
    the pack which it shall not use.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text
    evaluator: str
    options: dict[str, bool | str] = {}
    without: list[str] = []

    @property
    def function(self) -> Callable[..., Any]:
        """The function that computes it."""
        raise NotImplementedError

    @property
    def figures(self) -> dict[str, bool]:
        """Figures the function takes by name, and whether it needs them."""
        parameters = inspect.signature(self.function).parameters.values()
        return {
            p.name: p.default is p.empty
            for p in parameters
            if p.annotation == "float" and p.name not in self.without
        }

    @property
    def wanted_options(self) -> set[str]:
        """Arguments of the function that are neither figures nor the account."""
        parameters = inspect.signature(self.function).parameters.values()
        return {p.name for p in parameters if p.annotation in {"bool", "str"}}

    @model_validator(mode="after")
    def _fits(self) -> Named:
        wanted = self.wanted_options
        if set(self.options) != wanted:
            listed = ", ".join(sorted(wanted)) or "none"
            message = f"{self.evaluator} takes the options: {listed}"
            raise ValueError(message)
        return self


class IndicatorSpec(Named):
    """A ratio with a limit. Only a ``binding`` one limits a plan; the others are reported."""

    sense: Sense
    limit: str
    binding: bool = True
    note: str = ""

    @field_validator("evaluator")
    @classmethod
    def _known(cls, name: str) -> str:
        return _one_of(name, EVALUATORS, "evaluator")

    @model_validator(mode="after")
    def _quantities(self) -> IndicatorSpec:
        for name in self.options.values():
            if isinstance(name, str):
                _one_of(name, QUANTITIES, "quantity of the account")
        return self

    @property
    def function(self) -> Callable[..., Any]:
        """The evaluator."""
        return EVALUATORS[self.evaluator]


class FormulaSpec(Named):
    """A fee, a payment or another figure the rule sets; in ``unit``."""

    unit: str

    @field_validator("evaluator")
    @classmethod
    def _known(cls, name: str) -> str:
        return _one_of(name, PAYMENTS, "formula")

    @property
    def function(self) -> Callable[..., float]:
        """The formula."""
        return PAYMENTS[self.evaluator]


class FactorTable(Source):
    """Emission factors of one kind and year, in tCO2/MWh, by region."""

    kind: Literal["average", "without_traded_green", "fossil"]
    level: Literal["national", "regional_grid", "province"]
    year: int
    published: Day | None = None
    values: dict[str, Number]


def _one_of(name: str, known: Collection[str], what: str) -> str:
    if name not in known:
        message = f"'{name}' is no {what}; known are {', '.join(known)}"
        raise ValueError(message)
    return name

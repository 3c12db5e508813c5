"""A rule pack: one dated document of one country or province as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import Field, model_validator

from zeroplant.errors import InputError, Problem
from zeroplant.rules.account import QUANTITIES
from zeroplant.rules.evaluators import Indicator, Ratio
from zeroplant.rules.figures import (
    CONFIDENCES,
    Confidence,
    Day,
    FactorTable,
    FormulaSpec,
    IndicatorSpec,
    Named,
    Parameter,
    Part,
    Text,
)
from zeroplant.rules.worked import Example
from zeroplant.waist.linear import Affine

T = TypeVar("T", float, Affine)

BREACH = 4000.0
"""Default price of breaking a rule, money per MWh: ten times a usual price of energy (yearly
contracts in Zhejiang for 2025: 412 CNY/MWh), so that a plan breaks a rule only when it cannot
keep it or would pay absurdly for the last MWh."""


class Pack(Part):
    """One rule: its document, its figures, what is computed with them, and worked examples.

    ``year`` and ``project_class`` choose among figures that go by year or class; ``breach``
    (money/MWh) and ``given`` (quantities per year no model knows) are set by the plant.
    ``regions`` gives the Chinese names of the regions its tables speak of.
    """

    name: str = Field(pattern=r"^[a-z]{2}-[a-z0-9-]+$")
    title: Text
    document: str
    issuer: Text
    country: str = Field(pattern=r"^[A-Z]{2}$")
    province: Text | None = None
    in_force: Day
    until: Day | None = None
    notes: list[str] = []
    classes: dict[str, Text] = {}
    parameters: dict[str, Parameter] = {}
    indicators: list[IndicatorSpec] = []
    formulas: list[FormulaSpec] = []
    tables: list[FactorTable] = []
    regions: dict[str, str] = {}
    examples: list[Example] = Field(min_length=1)
    year: int | None = None
    project_class: str | None = None
    breach: float = BREACH
    given: dict[str, float] = {}

    @model_validator(mode="after")
    def _consistent(self) -> Pack:
        wrong = [
            f"{spec.name} needs the parameter {name}"
            for spec in self.indicators
            for name in [spec.limit, *(n for n, needed in spec.figures.items() if needed)]
            if name not in self.parameters
        ]
        wrong += [
            f"the parameter {name} goes by other classes than the pack"
            for name, parameter in self.parameters.items()
            if parameter.classes and set(parameter.classes) != set(self.classes)
        ]
        names = [spec.name for spec in (*self.indicators, *self.formulas)]
        wrong += [f"{name} is said twice" for name in set(names) if names.count(name) > 1]
        wrong += [
            f"{name} is no quantity of the account" for name in self.given.keys() - QUANTITIES
        ]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def expiry(self) -> str:
        """A remark where the pack is used for a year after it ended; otherwise nothing."""
        ended = self.until is not None and self.year is not None and self.year > self.until.year
        return f"the rule held until {self.until}; its last figures are used" if ended else ""

    def figure(self, name: str) -> float:
        """The figure that holds for the pack's year and class; InputError if it has none."""
        if name not in self.parameters:
            raise InputError(self._unknown(name, self.parameters, "parameter"))
        return self.parameters[name].figure(
            f"{self.name}: {name}", self.year or self.in_force.year, self.project_class
        )

    def indicator(self, name: str) -> IndicatorSpec:
        """The description of one indicator; InputError if there is none of that name."""
        for spec in self.indicators:
            if spec.name == name:
                return spec
        raise InputError(self._unknown(name, [s.name for s in self.indicators], "indicator"))

    def evaluate(self, spec: IndicatorSpec, account: Mapping[str, T]) -> Indicator[T]:
        """One indicator on an account of numbers or expressions; KeyError names what is missing."""
        ratio: Ratio[T] = spec.function(account, **self._arguments(spec), **spec.options)
        return Indicator(
            spec.name,
            spec.title.en,
            spec.title.zh,
            ratio.numerator,
            ratio.denominator,
            spec.sense,
            self.figure(spec.limit),
            ratio.per_mwh,
            ratio.unit,
        )

    def amount(self, formula: str, **inputs: float) -> float:
        """A figure the rule computes, in the formula's unit, from its own figures and ``inputs``.

        An input takes the place of a figure of the same name. InputError names an unknown
        formula, a missing input or one the formula does not take.
        """
        specs = {spec.name: spec for spec in self.formulas}
        if formula not in specs:
            raise InputError(self._unknown(formula, specs, "formula"))
        spec = specs[formula]
        wanted = spec.figures
        arguments = self._arguments(spec) | inputs
        problems = [self._unknown(n, wanted, f"input of {formula}") for n in inputs.keys() - wanted]
        problems += [
            Problem(f"{formula} needs {name}", self.name)
            for name, needed in wanted.items()
            if needed and name not in arguments
        ]
        if problems:
            raise InputError(problems)
        return spec.function(**arguments)

    def fee(self, **inputs: float) -> float:
        """The pack's first formula: the fee or payment it is about. See `amount`."""
        if not self.formulas:
            raise InputError(Problem("this rule sets no fee", self.name))
        return self.amount(self.formulas[0].name, **inputs)

    def confidence(self, spec: Named) -> Confidence:
        """The least confidence among the figures an indicator or formula stands on."""
        names = set(spec.figures) & set(self.parameters)
        if isinstance(spec, IndicatorSpec):
            names.add(spec.limit)
        figures = (self.parameters[name].confidence for name in names)
        return min(figures, key=CONFIDENCES.index, default="unverified")

    def doubts(self, spec: IndicatorSpec) -> list[str]:
        """What to do about the uncertain figures an indicator stands on beside its limit."""
        figures = {name: self.parameters.get(name) for name in spec.figures if name != spec.limit}
        return [
            f"{name} is {figure.confidence}: {figure.note}"
            for name, figure in figures.items()
            if figure is not None and figure.confidence in CONFIDENCES[:2]
        ]

    def _arguments(self, spec: Named) -> dict[str, float]:
        return {name: self.figure(name) for name in spec.figures if name in self.parameters}

    def _unknown(self, name: str, known: object, what: str) -> Problem:
        listed = ", ".join(known) if isinstance(known, (dict, list)) else ""
        return Problem(
            f"'{name}' is no {what} of this rule",
            self.name,
            f"write one of: {listed}" if listed else "it has none",
        )

"""Tax regimes: dated data files with a source and a confidence for every figure."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from zeroplant.capital.project import Kind
from zeroplant.errors import InputError, Problem, suggestion

Place = Literal["city", "county", "other"]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(_Data):
    """One figure of a rule: its value, the document it stands in, and how sure we are."""

    value: float
    source: str
    confidence: Literal["high", "medium", "low"]
    note: str = ""


class Title(_Data):
    """A name in both languages."""

    en: str
    zh: str


class IncomeTax(_Data):
    """One way of being taxed on profits.

    ``until`` is the last calendar year of a reduced rate; the standard rate follows.
    ``halved`` says which rate is halved in the half years of a holiday: this one or the standard.
    """

    rate: Figure
    loss_years: Figure
    until: Figure | None = None
    halved: Literal["own", "standard"] = "own"
    halved_source: str = ""


class Holiday(_Data):
    """Years from the first revenue that are free of income tax, then years at half the rate."""

    exempt_years: Figure
    half_years: Figure


class Depreciation(_Data):
    """Straight line over the years of each asset class, down to a residual share.

    ``full year`` takes a whole year's share in the first year, ``half year`` half of it (and the
    other half at the end). ``write_off`` deducts what is left on the books at retirement.
    """

    convention: Literal["full year", "half year"]
    write_off: bool
    residual: Figure
    years: dict[str, Figure]


class Regime(_Data):
    """Everything the state and the lenders' rules ask of a project, as data."""

    id: str
    title: Title
    dated: date
    vat: dict[Kind | Literal["equipment", "construction"], Figure]
    surcharge: dict[Place, Figure]
    income_tax: dict[str, IncomeTax]
    holiday: Holiday
    losses: Literal["carry", "refund"]
    depreciation: Depreciation
    gearing_cap: Figure


def regimes() -> list[str]:
    """Names of the regimes that ship with the package."""
    folder = resources.files("zeroplant.capital") / "regimes"
    names = (entry.name for entry in folder.iterdir())
    return sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))


@cache
def regime(name: str) -> Regime:
    """The regime called ``name``; InputError if there is none."""
    if name not in regimes():
        problem = Problem(f"no tax regime '{name}'", "regime", suggestion(name, regimes()))
        raise InputError(problem)
    path = resources.files("zeroplant.capital") / "regimes" / f"{name}.yaml"
    return Regime.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))

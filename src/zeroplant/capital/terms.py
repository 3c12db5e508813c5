"""The terms a project is financed on: the ``finance:`` section of a plant file."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zeroplant.capital.project import Kind
from zeroplant.capital.regime import Place, regime
from zeroplant.errors import Problem, suggestion
from zeroplant.units import Fraction, Rate

Repayment = Literal["level", "equal principal", "sculpted"]
Growth = Annotated[Rate, Field(gt=-1, lt=1)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DebtTerms(_Section):
    """A term loan drawn before year 1 and repaid at the end of each year of its tenor.

    Its amount is either ``share`` of everything raised in year 0, or the most that keeps the debt
    service cover at ``target_dscr``; in either case it is at most ``cap`` of the investment with
    VAT and interest during construction (None: the regime's cap). ``repayment`` is a level
    payment, equal principal, or sculpted: in proportion to the cash available, so that the cover
    is the same in every year. The cover is counted on cash ``before tax`` (as NREL SAM does) or
    ``after tax`` (as Chinese lenders do).
    ``reserve_months`` of the next year's debt service are kept in a reserve account.
    """

    share: Fraction | None = None
    target_dscr: Annotated[Rate, Field(gt=0)] | None = None
    cap: Fraction | None = None
    rate: Annotated[Rate, Field(ge=0, lt=1)] = 0.035
    tenor: Annotated[int, Field(ge=1)] = 15
    repayment: Repayment = "level"
    dscr_basis: Literal["before tax", "after tax"] = "after tax"
    reserve_months: Annotated[float, Field(ge=0, le=12)] = 0.0

    @model_validator(mode="after")
    def _one_way_to_size_it(self) -> Self:
        if self.share is None and self.target_dscr is None:
            instead = "write 'share' or 'target_dscr'"
            raise ValueError(Problem("nothing says how large the debt is", instead=instead))
        if self.share is not None and self.target_dscr is not None:
            what = "'share' and 'target_dscr' both say how large the debt is"
            raise ValueError(Problem(what, "target_dscr", "leave one of them out"))
        return self


class Escalation(_Section):
    """Yearly growth of prices in money of the day, by kind, for lines that do not say their own."""

    revenue: Growth = 0.0
    fixed: Growth = 0.0
    running: Growth = 0.0
    purchase: Growth = 0.0
    charge: Growth = 0.0
    emission: Growth = 0.0

    def of(self, kind: Kind) -> float:
        """Growth for lines of this kind."""
        return float(getattr(self, kind))


class Terms(_Section):
    """How a project is valued, taxed and financed.

    Everything is in money of the day; years are counted from the first year of operation (1), and
    everything up to then is put in year 0. ``discount_rate`` is ``nominal`` or ``real``; a real
    one is raised by ``inflation``. ``first_year`` is the calendar year of year 1 and matters for
    tax rates that end on a date. ``income_tax`` names one of the regime's ways of being taxed;
    ``income_tax_rate`` overrides its rate. ``holiday_share`` is the share of the profit earned by
    projects that have the tax holiday. ``place`` decides the surcharge on VAT.
    ``depreciation_years``, ``residual`` and ``debt.cap`` override the regime where given.
    """

    years: Annotated[int, Field(ge=1, le=100)] = 25
    first_year: int = 2027
    construction_years: Annotated[float, Field(ge=0, le=20)] = 1.0
    discount_rate: Growth = 0.07
    discount_is: Literal["nominal", "real"] = "nominal"
    inflation: Growth = 0.0
    escalation: Escalation = Escalation()
    regime: str = "cn-2026"
    income_tax: str = "standard"
    income_tax_rate: Fraction | None = None
    holiday_share: Fraction = 1.0
    place: Place = "city"
    prices_include_vat: bool = True
    depreciation_years: Annotated[float, Field(gt=0)] | None = None
    residual: Fraction | None = None
    debt: DebtTerms | None = None

    @property
    def nominal_rate(self) -> float:
        """Discount rate on money of the day."""
        return (1.0 + self.real_rate) * (1.0 + self.inflation) - 1.0

    @property
    def real_rate(self) -> float:
        """Discount rate on money of constant purchasing power."""
        if self.discount_is == "real":
            return self.discount_rate
        return (1.0 + self.discount_rate) / (1.0 + self.inflation) - 1.0

    @model_validator(mode="after")
    def _fits_the_regime(self) -> Self:
        rules = regime(self.regime)
        problems = []
        if self.income_tax not in rules.income_tax:
            what = f"no income tax '{self.income_tax}' in {rules.id}"
            instead = suggestion(self.income_tax, rules.income_tax)
            problems.append(Problem(what, "income_tax", instead))
        if self.debt is not None and self.debt.tenor > self.years:
            what = f"the debt runs {self.debt.tenor} years, the project {self.years}"
            problems.append(Problem(what, "debt.tenor", f"write {self.years} or less"))
        if self.debt is not None and (self.debt.share or 0.0) > gearing_cap(self) + 1e-12:
            cap = f"{gearing_cap(self):g}, the most under {rules.id}"
            what = f"a share of {self.debt.share:g} is above {cap}"
            problems.append(Problem(what, "debt.share", "lower it, or set 'cap' beside it"))
        if problems:
            raise ValueError(*problems)
        return self


def gearing_cap(terms: Terms) -> float:
    """Largest share of the cost that may be debt."""
    if terms.debt is not None and terms.debt.cap is not None:
        return terms.debt.cap
    return regime(terms.regime).gearing_cap.value

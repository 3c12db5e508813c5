"""Projects that several tests look at, and NREL SAM's answer to the same questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import PySAM.Singleowner

from zeroplant.capital import CapitalItem, DebtTerms, Project, Terms, YearLine

FLAT_MW = 50.0
"""Constant output of the golden plant; with 100 MW installed, as SAM's default case has it."""

_MODELS: list[Any] = []  # SAM's outputs die with the model they belong to


@dataclass(frozen=True)
class Case:
    """One single-owner case, in the words both programs understand."""

    price: float = 40.0
    price_growth: float = 0.0
    capex: float = 109.2e6
    om_per_kw: float = 25.0
    om_growth: float = 0.0
    degradation: float = 0.0
    salvage: float = 0.0
    years: int = 25
    real_rate: float = 0.08
    inflation: float = 0.0
    tax: float = 0.0
    construction_years: float = 0.0
    debt: DebtTerms | None = None

    def project(self) -> Project:
        """The case as a project of ours."""
        mwh = FLAT_MW * 8760
        om = self.om_per_kw * 100e3
        return Project(
            items=(
                CapitalItem(
                    "plant",
                    self.capex,
                    life=self.years,
                    salvage=self.salvage,
                    degradation=self.degradation,
                ),
            ),
            lines=(
                YearLine(
                    "plant",
                    "power",
                    "revenue",
                    mwh,
                    "MWh",
                    self.price,
                    -mwh * self.price,
                    escalation=self.price_growth,
                    with_generation=True,
                ),
                YearLine("plant", "O&M", "fixed", 100, "MW", om / 100, om, self.om_growth),
            ),
            energy=mwh,
        )

    def terms(self) -> Terms:
        """The case's terms: the plain regime follows SAM's conventions."""
        return Terms(
            regime="none",
            years=self.years,
            construction_years=self.construction_years,
            discount_rate=self.real_rate,
            discount_is="real",
            inflation=self.inflation,
            income_tax_rate=self.tax,
            debt=self.debt,
        )

    def sam(self, construction_interest: float = 0.0) -> Any:
        """SAM's outputs for the case."""
        model = PySAM.Singleowner.default("CustomGenerationProfileSingleOwner")
        for name, value in {**_QUIET, **self._sam_inputs()}.items():
            model.value(name, value)
        model.value("construction_financing_cost", construction_interest)
        model.execute(0)
        _MODELS.append(model)
        return model.Outputs

    def _sam_inputs(self) -> dict[str, object]:
        debt = self.debt or DebtTerms(share=0.0)
        return {
            "gen": [FLAT_MW * 1000] * 8760,
            "total_installed_cost": self.capex,
            "om_capacity": [self.om_per_kw],
            # SAM adds its escalation to the inflation
            "om_capacity_escal": (self.om_growth - self.inflation) * 100,
            "ppa_price_input": [self.price / 1000],
            "ppa_escalation": self.price_growth * 100,
            "degradation": [self.degradation * 100],
            "salvage_percentage": self.salvage * 100,
            "analysis_period": self.years,
            "real_discount_rate": self.real_rate * 100,
            "inflation_rate": self.inflation * 100,
            "federal_tax_rate": [self.tax * 100],
            "debt_option": 0 if debt.target_dscr is None else 1,
            "debt_percent": (debt.share or 0.0) * 100,
            "dscr": debt.target_dscr or 1.3,
            "dscr_limit_debt_fraction": 1,
            "dscr_maximum_debt_fraction": 100 * (1.0 if debt.cap is None else debt.cap),
            "term_int_rate": debt.rate * 100,
            "term_tenor": debt.tenor,
            "payment_option": 1 if debt.repayment == "equal principal" else 0,
            "dscr_reserve_months": debt.reserve_months,
        }


_QUIET: dict[str, object] = {
    "state_tax_rate": [0.0],
    "om_fixed": [0.0],
    "om_production": [0.0],
    "om_fuel_cost": [0.0],
    "insurance_rate": 0.0,
    "property_tax_rate": 0.0,
    "cost_debt_fee": 0.0,
    "cost_debt_closing": 0.0,
    "months_working_reserve": 0.0,
    "reserves_interest": 0.0,
    "ppa_soln_mode": 1,
    "ppa_multiplier_model": 0,
    "dispatch_tod_factors": [1.0] * 9,
}


@dataclass
class Flat:
    """A project of round numbers for sums done by hand: pays ``cost``, earns ``income`` a year."""

    cost: float = 1000.0
    income: float = 200.0
    opex: float = 0.0
    item: dict[str, Any] = field(default_factory=dict)

    def project(self) -> Project:
        """One item, one revenue, one fixed cost; 100 MWh a year."""
        return Project(
            items=(CapitalItem("plant", self.cost, **{"life": 100.0, **self.item}),),
            lines=(
                YearLine("plant", "power", "revenue", 100, "MWh", self.income / 100, -self.income),
                YearLine("plant", "upkeep", "fixed", 1, "a", self.opex, self.opex),
            ),
            energy=100.0,
        )

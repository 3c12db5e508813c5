"""Published figures that need no data: SAM's single owner, Chinese rules, a lock."""

from __future__ import annotations

from collections.abc import Iterator

from zeroplant.assets.parts.lock import Lock
from zeroplant.bench.case import Case, case
from zeroplant.capital import CapitalItem, DebtTerms, Project, Terms, YearLine, appraise
from zeroplant.rules import load

# SAM stops its search for a rate of return once the rest is below a millionth of the largest
# payment, so its last printed digits are not the root's: hence 1e-6 there.
ROOT = 1e-6
LOAN = DebtTerms(share=0.6, rate=0.05, tenor=15, dscr_basis="before tax")
# (name, loan, income tax, {measure: (figure, tolerance)}); NREL SAM 2025, CustomGeneration
# single owner: flat 50 MW, 109.2 M$, 25 $/kW·a on 100 MW, 4 c/kWh, 25 years, 8 % real.
SINGLE_OWNER = [
    (
        "B, no tax, no debt",
        None,
        0.0,
        {
            "npv": (51_135_138.3526, 1e-11),
            "equity_irr": (0.13124266, ROOT),
            "lcoe": (29.06329, 2e-7),
        },
    ),
    (
        "C, 60 % debt",
        LOAN,
        0.0,
        {
            "npv": (62_624_741.43875, 1e-11),
            "equity_irr": (0.20491817, ROOT),
            "dscr_min": (2.379464, 3e-7),
            "wacc": (0.11196727, ROOT),
            "lcoe": (26.60591, 2e-7),
        },
    ),
    (
        "D, debt and 25 % tax",
        LOAN,
        0.25,
        {
            "npv": (40_233_700.784287, 1e-11),
            "equity_irr": (0.16283955, ROOT),
            "lcoe": (31.39488, 2e-7),
        },
    ),
]


def figures() -> Iterator[Case]:
    """All of them."""
    yield from _single_owner()
    yield from _capacity_payments()
    fee = load("cn-nearby-consumption-1192").fee(volumetric_price=150.0, load_factor=0.6)
    yield case(
        "1192: fee at 0.15 CNY/kWh and load factor 0.6, CNY/kVA/month", 65.7, fee / 1e3, 1e-9
    )
    yield from _lock()


def _single_owner() -> Iterator[Case]:
    energy = 50.0 * 8760
    project = Project(
        items=(CapitalItem("plant", 109.2e6, life=25),),
        lines=(
            YearLine(
                "plant", "power", "revenue", energy, "MWh", 40.0, -40.0 * energy,
                with_generation=True,
            ),
            YearLine("plant", "O&M", "fixed", 100.0, "MW", 25e3, 2.5e6),
        ),
        energy=energy,
    )  # fmt: skip
    for name, loan, tax, wanted in SINGLE_OWNER:
        terms = Terms(
            regime="none", years=25, construction_years=0.0, discount_rate=0.08,
            discount_is="real", income_tax_rate=tax, debt=loan,
        )  # fmt: skip
        measures = appraise(project, terms).measures
        for measure, (figure, tolerance) in wanted.items():
            got = getattr(measures, measure)
            yield case(f"SAM single owner {name}: {measure}", figure, got, tolerance)


def _capacity_payments() -> Iterator[Case]:
    gansu = load("cn-gansu-capacity-price-2026").amount("payment") / 1e3
    yield case("114: Gansu 2026, CNY/kW/a", 137.9, gansu, 1e-3)
    for peak, figure in ((4.0, 82.5), (6.0, 55.0), (10.0, 33.0)):
        paid = load("cn-hebei-capacity-price").fee(discharge_hours=2.0, peak_hours=peak) / 1e3
        yield case(f"114: 2 h battery, {peak:g} h peak, CNY/kW/a", figure, paid, 1e-9)


def _lock() -> Iterator[Case]:
    lock = Lock(length=180.0, width=23.0, per_day=1.0)
    water = float(lock.volume(10.0))
    yield case("lock of 180 × 23 × 10 m: water, m3", 41_400.0, water, 1e-12)
    lost = 9.81e-3 * 0.88 * 10.0 * water / 3600
    yield case("lock of 180 × 23 × 10 m: lost generation, MWh", 1.0, lost, 1e-2)

"""Random projects and terms for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from zeroplant.capital import CapitalItem, DebtTerms, Project, Terms, YearLine
from zeroplant.capital.project import COSTS

SHARES = st.floats(0.0, 1.0)


@st.composite
def items(draw: st.DrawFn, *, replaced: bool, who: str) -> CapitalItem:
    """A capital item of about a thousand."""
    equipment = draw(SHARES)
    return CapitalItem(
        who,
        capex=draw(st.floats(100.0, 2000.0)),
        life=float(draw(st.integers(3, 40))) if replaced else 100.0,
        salvage=draw(st.floats(0.0, 0.2)),
        equipment=equipment,
        construction=draw(SHARES) * (1.0 - equipment),
        replacement=draw(st.sampled_from([0.0, 0.5, 1.0])) if replaced else 1.0,
        decline=draw(st.floats(0.0, 0.05)),
        degradation=draw(st.floats(0.0, 0.03)),
    )


@st.composite
def projects(draw: st.DrawFn, *, replaced: bool = True, single: bool = False) -> Project:
    """A plant with one or two items, a revenue and a line of each kind of cost."""
    names = ["sun"] if single else draw(st.sampled_from([["sun"], ["sun", "battery"]]))
    bought = tuple(draw(items(replaced=replaced, who=name)) for name in names)
    income = draw(st.floats(20.0, 800.0))
    growth = st.floats(-0.02, 0.03)
    lines = [YearLine("sun", "power", "revenue", 1, "MWh", income, -income, draw(growth), True)]
    for kind in COSTS:
        cost = draw(st.floats(0.0, 20.0))
        moves = draw(st.booleans())
        first = draw(st.sampled_from([1, 1, 4]))
        lines.append(
            YearLine("sun", kind, kind, 1, "a", cost, cost, draw(growth), moves, None, first)
        )
    return Project(bought, tuple(lines), energy=draw(st.floats(1.0, 1e4)))


@st.composite
def terms_of_china(draw: st.DrawFn, *, sculpted: bool = False) -> Terms:
    """Chinese terms with a loan."""
    years = draw(st.integers(8, 30))
    repayment = draw(st.sampled_from(["level", "equal principal", "sculpted"]))
    by_cover = sculpted or draw(st.booleans())
    debt = DebtTerms(
        share=None if by_cover else draw(st.floats(0.0, 0.8)),
        target_dscr=draw(st.floats(1.05, 2.0)) if by_cover else None,
        rate=draw(st.floats(0.0, 0.1)),
        tenor=draw(st.integers(1, years)),
        repayment="sculpted" if sculpted else repayment,
        reserve_months=0.0 if sculpted else draw(st.floats(0.0, 12.0)),
    )
    return Terms(
        years=years,
        construction_years=draw(st.floats(0.0, 3.0)),
        discount_rate=draw(st.floats(0.0, 0.15)),
        debt=debt,
    )

"""All charts of a report, by name."""

from __future__ import annotations

from zeroplant.plan.report.charts.energy import LOAD, dispatch, duration_curves, monthly
from zeroplant.plan.report.charts.gauge import gauge
from zeroplant.plan.report.charts.money import cash_flow, tornado
from zeroplant.plan.report.charts.outcomes import outcome_chart
from zeroplant.plan.report.charts.page import Chart, Mark
from zeroplant.plan.report.charts.waterfall import waterfall
from zeroplant.plan.report.facts import Facts
from zeroplant.plan.report.facts.energy import Curve, duration
from zeroplant.plan.report.facts.power import ELECTRICITY
from zeroplant.plan.report.facts.weeks import Week
from zeroplant.plan.report.figures import energy, exists, money
from zeroplant.plan.report.text import Text
from zeroplant.plan.report.words import WORDS
from zeroplant.waist.ledger import Entry

MOST_STEPS = 14
"""Steps of a waterfall that can be read; what is smaller is drawn together."""

MOST_NODES = 5
REST = Text("everything else", "其他")


def pictures(facts: Facts) -> dict[str, Chart | list[Chart | None] | None]:
    """Charts by the name templates call them; None where there is nothing to draw."""
    found: dict[str, Chart | list[Chart | None] | None] = {
        "best": dispatch(facts.power, facts.best, _week(facts.best, "best")),
        "worst": dispatch(facts.power, facts.worst, _week(facts.worst, "worst")),
        "load_curves": _load_curves(facts),
        "price_curves": _price_curves(facts),
        "monthly": monthly(facts.months, WORDS["month_caption"]),
        "waterfall": _waterfall(facts),
        "gauges": [gauge(row) for row in facts.rules],
        "outcomes": _outcomes(facts),
        "cash": None,
        "tornado": None,
    }
    finance = facts.subject.finance
    if finance is not None:
        key, name = ("equity_cash", "equity_chart")
        if not finance.appraisal.measures.debt:
            key, name = ("project_cash", "project_chart")
        found["cash"] = cash_flow(WORDS[name], finance.appraisal.statement[key], facts.currency)
        base = finance.appraisal.measures.npv
        if base is not None and exists(base) and finance.tornado:
            caption = WORDS["tornado_chart"].format(money(base, facts.currency))
            found["tornado"] = tornado(caption, finance.tornado, base, facts.currency)
    return found


def _week(week: Week, key: str) -> Text:
    return WORDS[key].format(week.title, energy(week.help_mwh))


def _outcomes(facts: Facts) -> Chart | None:
    if facts.outcomes is None:
        return None
    words = WORDS["outcomes_chart"], WORDS["cumulative"]
    return outcome_chart(words[0], facts.outcomes, facts.currency, words[1])


def _load_curves(facts: Facts) -> Chart:
    power = facts.power
    curves = [
        (Mark("k-load", LOAD), duration(power.load, power)),
        (Mark("k-line", WORDS["residual"]), duration(power.residual, power)),
    ]
    return duration_curves(WORDS["load_curves"], curves, "MW", WORDS["hours_a_year"])


def _price_curves(facts: Facts) -> Chart | None:
    network, solution = facts.subject.network, facts.subject.solution
    nodes = [node for node in network.nodes if node.carrier == ELECTRICITY][:MOST_NODES]
    curves: list[tuple[Mark, Curve]] = [
        (
            Mark(f"k-n{place}", facts.names.part(node.name)),
            duration(solution.price(node), facts.power),
        )
        for place, node in enumerate(nodes)
    ]
    if not curves:
        return None
    unit = f"{facts.currency}/MWh"
    return duration_curves(WORDS["price_curves"], curves, unit, WORDS["hours_a_year"])


def _step(facts: Facts, entry: Entry) -> Text:
    what = facts.names.phrase(entry.what, entry.who)
    return Text(f"{entry.who}: {what.en}", f"{entry.who}：{what.zh}")


def _waterfall(facts: Facts) -> Chart | None:
    """Revenues first, then costs, each the largest first; the small ones together."""
    books = facts.books
    lines = [(e, e.amount) for e in books.revenues] + [(e, -e.amount) for e in books.costs]
    if not lines:
        return None
    by_size = sorted(lines, key=lambda line: -abs(line[1]))
    kept = by_size[: MOST_STEPS if len(lines) > MOST_STEPS + 1 else None]
    steps = [(_step(facts, entry), amount) for entry, amount in lines if (entry, amount) in kept]
    if len(kept) < len(lines):
        steps.append((REST, sum(amount for _, amount in lines) - sum(a for _, a in steps)))
    return waterfall(WORDS["waterfall"], steps, WORDS["net_gain"], facts.currency)

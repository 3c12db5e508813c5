"""What goes round in a plant: how much of a by-product is used, and what that saves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zeroplant.assets.findings import Finding
from zeroplant.assets.parts.carrier import Carrier
from zeroplant.assets.parts.mix import cost_of
from zeroplant.waist import Scope
from zeroplant.waist.solution import Solution

RATES = {
    "solid waste": ("solid_waste_used", ("solid waste put to use", "工业固废综合利用率")),
    "water": ("water_reused", ("water used again", "水重复利用率")),
    "material": ("circularity", ("by-product put to use", "副产物循环利用率")),
}


def findings_of(
    plant: Scope,
    solution: Solution,
    stream: Carrier,
    uses: Iterable[str],
    *,
    counts_as: str,
    price: float,
) -> Iterator[Finding]:
    """Used and disposed amounts of a year, the rate, and avoided purchase + disposal − costs.

    ``price`` is that of disposal. A purchase that was avoided counts at the price of the node
    the by-product went to.
    """
    axis, years = plant.axis, plant.axis.years
    used, saving = 0.0, 0.0
    for name in uses:
        flow = plant.flow_named(name)
        values = solution.value(flow)
        used += axis.total(values) * stream.hourly
        for node, ratio in flow.give.items():
            saving += cost_of(solution, node, values * ratio)
    disposed = axis.total(solution.value(plant.flow_named("disposed"))) * stream.hourly
    spent = sum(
        entry.amount
        for entry in solution.ledger
        if entry.who == plant.who and entry.what in ("transport and treatment", "by-product sold")
    )
    saving += used * price - spent
    unit = f"{stream.amount}/a"
    yield Finding("used", used / years, unit, ("put to use", "利用量"))
    yield Finding("disposed", disposed / years, unit, ("disposed of", "处置量"))
    if used + disposed > 0:
        key, title = RATES[counts_as]
        yield Finding(key, used / (used + disposed), "1", title)
    yield Finding(
        "saving",
        saving / years,
        "money/a",
        ("saved by using it", "循环利用节省"),
        (
            "purchase and disposal avoided, less transport and treatment",
            "避免的采购与处置费，扣除运输与处理费",
        ),
    )

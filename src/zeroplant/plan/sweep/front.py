"""Which points of a sweep no other point beats: the frontier of two measures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from zeroplant.assets import Asset
from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.plan.sweep.grid import Parameter
from zeroplant.plan.sweep.point import Point
from zeroplant.plan.sweep.run import Sweep
from zeroplant.plant import Plant
from zeroplant.plant.rehearsal import rehearse

SLACK = 1e-6
"""Relative difference below which two figures of solvers are the same."""


@dataclass(frozen=True)
class Measure:
    """A figure of every point: its name, its words, its unit, and which way is better.

    ``better`` is −1 for less, 1 for more, and 0 where neither is. ``form`` says how it is shown:
    "money", "share" or "" for a plain number. ``kind`` is where it is found in a point.
    """

    name: str
    english: str
    chinese: str
    unit: str = ""
    better: int = 0
    form: str = ""
    kind: str = "measure"

    def of(self, point: Point, sweep: Sweep) -> float | None:
        """The figure of a point; None where it has none."""
        if self.kind == "parameter":
            parameter = next(each for each in sweep.parameters if each.key == self.name)
            numbers, place = parameter.numbers, parameter.values.index(point.changes[self.name])
            return float(place) if numbers is None else numbers[place]
        found = (point.sizes if self.kind == "size" else point.measures).get(self.name)
        return found if found is not None and isfinite(found) else None


MEASURES = (
    Measure("cost", "Cost of a year", "年净成本", better=-1, form="money"),
    Measure("emissions", "Emissions of a year", "年排放量", "tCO2", better=-1),
    Measure("lcoe", "LCOE", "平准化度电成本", "money/MWh", better=-1),
    Measure("npv", "NPV of the project", "项目投资净现值", better=1, form="money"),
    Measure("irr", "Project IRR", "项目投资内部收益率", better=1, form="share"),
    Measure("equity_irr", "Equity IRR", "资本金内部收益率", better=1, form="share"),
    Measure("dscr", "DSCR, lowest", "最低偿债备付率", better=1),
    Measure("payback", "Payback", "静态投资回收期", "a", better=-1),
    Measure("matched", "Load matched hour by hour", "逐时绿电匹配率", better=1, form="share"),
    Measure("intensity", "Emissions per MWh of load", "单位用电碳排放", "tCO2/MWh", better=-1),
    Measure("penalty", "Priced wishes not met", "软约束惩罚", better=-1, form="money"),
    Measure("cvar", "CVaR of the cost", "成本条件风险价值", better=-1, form="money"),
)
"""Figures of every plan."""


def measure_named(name: str, sweep: Sweep) -> Measure:
    """A figure by its name: one of `MEASURES`, a swept entry, a capacity, or a finding.

    Raises InputError where no point has it.
    """
    known = {each.name: each for each in MEASURES}
    for parameter in sweep.parameters:
        known[parameter.key] = Measure(
            parameter.key, parameter.key, parameter.key, parameter.unit, kind="parameter"
        )
    for point in sweep.done:
        for size, unit in point.size_units.items():
            known.setdefault(size, Measure(size, size, size, unit, kind="size"))
        for finding in point.measures:
            known.setdefault(finding, Measure(finding, finding, finding))
    if name not in known:
        what = f"there is no figure '{name}'"
        raise InputError(Problem(what, instead=suggestion(name, known)))
    return known[name]


def check_figures(names: Iterable[str], parameters: Sequence[Parameter], plant: Plant) -> None:
    """Raise InputError for a name that no point can have, before any is planned.

    What an asset finds is known only once it is planned, so a name that begins with that of an
    asset which finds anything may be right.
    """
    known = [*(each.name for each in MEASURES), *(each.key for each in parameters)]
    for name in names:
        if name in known:
            continue
        sizes = list(rehearse(plant).network.capacities)
        asset = plant.assets.get(name.partition(".")[0])
        if name not in sizes and (asset is None or type(asset).findings is Asset.findings):
            what = f"there is no figure '{name}'"
            raise InputError(Problem(what, instead=suggestion(name, [*known, *sizes])))


def frontier(sweep: Sweep, x: Measure, y: Measure) -> list[Point]:
    """Points that keep every rule and than which none is better in both measures, by their x.

    Empty where one of the measures knows no better and worse.
    """
    if not x.better or not y.better:
        return []
    placed = [
        (a, b, point)
        for point in sweep.done
        if point.keeps_all and (a := x.of(point, sweep)) is not None
        and (b := y.of(point, sweep)) is not None
    ]  # fmt: skip
    kept = [
        (a, b, point)
        for a, b, point in placed
        if not any(_beats((c, d), (a, b), (x.better, y.better)) for c, d, _ in placed)
    ]
    return [point for _, _, point in sorted(kept, key=lambda each: (each[0], each[1]))]


def _beats(one: tuple[float, float], other: tuple[float, float], better: tuple[int, int]) -> bool:
    """Whether one is nowhere worse and somewhere better, by more than rounding."""
    gains = [_gain(a, b) * sign for a, b, sign in zip(one, other, better, strict=True)]
    return min(gains) >= 0 and max(gains) > 0


def _gain(one: float, other: float) -> float:
    return 0.0 if abs(one - other) <= SLACK * max(abs(one), abs(other)) else one - other

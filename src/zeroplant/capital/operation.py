"""The ledger's lines of year 1, carried through the life of the project."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.capital.investment import ageing
from zeroplant.capital.project import COSTS, Kind, Project, YearLine
from zeroplant.capital.regime import regime
from zeroplant.capital.terms import Terms
from zeroplant.capital.variants import Variants


@dataclass(frozen=True)
class Carried:
    """One ledger line over the years: money without VAT and its VAT, both (years + 1,).

    Positive as one reads it: received for a revenue, paid for a cost.
    """

    line: YearLine
    net: Floats
    vat: Floats


@dataclass(frozen=True)
class Operation:
    """Sums by kind in every variant; each array is (variants, years + 1)."""

    net: dict[Kind, Floats]
    vat: dict[Kind, Floats]
    energy: Floats

    @property
    def costs(self) -> Floats:
        """All yearly costs without VAT."""
        return np.asarray(np.sum([self.net[kind] for kind in COSTS], axis=0))

    @property
    def costs_vat(self) -> Floats:
        """Input VAT on the yearly costs."""
        return np.asarray(np.sum([self.vat[kind] for kind in COSTS], axis=0))


def carried(project: Project, terms: Terms) -> list[Carried]:
    """Each ledger line in every year: its amount, grown by its escalation, shrunk by ageing."""
    rates = regime(terms.regime).vat
    lines = []
    for line in project.lines:
        growth = terms.escalation.of(line.kind) if line.escalation is None else line.escalation
        sign = -1.0 if line.kind == "revenue" else 1.0
        curve = output(project, terms, line.who) if line.with_generation else steady(terms)
        year = np.arange(terms.years + 1)
        begun = year >= line.first
        amount = sign * line.amount * curve * begun * (1.0 + growth) ** (year - 1)
        rate = rates[line.kind].value if line.vat is None else line.vat
        net = amount / (1.0 + rate) if terms.prices_include_vat else amount
        lines.append(Carried(line, net, net * rate))
    return lines


def operation(project: Project, terms: Terms, variants: Variants) -> Operation:
    """Revenue, costs and energy of every variant."""
    lines = carried(project, terms)
    kinds: tuple[Kind, ...] = ("revenue", *COSTS)
    one = np.ones((len(variants), 1))
    net: dict[Kind, Floats] = {}
    vat: dict[Kind, Floats] = {}
    for kind in kinds:
        factor = variants.cost(kind)[:, None]
        net[kind], vat[kind] = np.zeros((2, len(variants), terms.years + 1))
        for moves, volume in ((False, one), (True, variants.volume[:, None])):
            group = [x for x in lines if x.line.kind == kind and x.line.with_generation == moves]
            if group:
                net[kind] = net[kind] + factor * volume * np.sum([x.net for x in group], axis=0)
                vat[kind] = vat[kind] + factor * volume * np.sum([x.vat for x in group], axis=0)
    energy = project.energy * output(project, terms) * variants.volume[:, None]
    return Operation(net, vat, energy)


def output(project: Project, terms: Terms, who: str | None = None) -> Floats:
    """Yearly output relative to year 1 as new: of ``who``'s own items, or of the whole plant."""
    own = [item for item in project.items if item.who == who]
    if own:
        return ageing(own, terms.years)
    if project.degradation is None and project.items:
        return ageing(project.items, terms.years)
    loss = project.degradation or 0.0
    return steady(terms) * (1.0 - loss) ** (np.arange(terms.years + 1) - 1.0)


def steady(terms: Terms) -> Floats:
    """0 in year 0, 1 in every year of operation."""
    return np.append(0.0, np.ones(terms.years))

"""What a plan is: the solved plant with its money, its carbon and its rules."""

from __future__ import annotations

from dataclasses import dataclass, field

from zeroplant.assets import Finding
from zeroplant.capital import Appraisal, Bar, Project, Terms
from zeroplant.plan.risk import Outcomes, outcomes
from zeroplant.plant import Built, Plant
from zeroplant.rules import RuleResult
from zeroplant.waist import Network
from zeroplant.waist.solution import Solution


@dataclass(frozen=True)
class Finance:
    """The project's cash flow over its life and what it is worth.

    ``project`` and ``terms`` are the inputs, ``appraisal`` the yearly statement and the
    measures, ``tornado`` what each figure does to the NPV.
    """

    project: Project
    terms: Terms
    appraisal: Appraisal
    tornado: list[Bar]


@dataclass(frozen=True)
class Carbon:
    """Carbon account of the plant, per year of 8,760 h.

    ``emissions`` tCO2 of the plant: the sum of the ledger's lines of emissions. ``reference``
    tCO2 its load would cause on grid power alone; ``intensity`` tCO2 per MWh of load served;
    ``matched`` share of the load that the plant's own renewable generation covers in the same
    period, ``annual_match`` the same over the whole axis.
    """

    emissions: float
    reference: float
    intensity: float
    matched: float
    annual_match: float


@dataclass(frozen=True)
class Cure:
    """The cheapest way to keep a rule, or to serve the load, that the plan had to break.

    ``broken`` names it, ``amount`` (``unit`` a year) says how far it was broken. ``changes`` maps
    names of capacities to (limit, needed): what stands in the way, and what it must be raised to.
    ``cost`` is what a year then costs more, for all that is broken together; None where no
    capacity alone would do. A cost without changes says that what the plant has would do, and
    that breaking it was cheaper. ``words`` say all of it in English and Chinese.
    """

    broken: str
    amount: float
    unit: str
    changes: dict[str, tuple[float, float]]
    cost: float | None
    words: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class PlanResult:
    """A plant planned over its time axis.

    Amounts of the solution are those of the whole axis; divide by ``network.axis.years`` for
    yearly figures. ``findings`` are what each asset says of the plan beside that; ``seconds`` says
    how long each step took.
    """

    plant: Plant
    built: Built
    solution: Solution
    rules: list[RuleResult]
    carbon: Carbon
    finance: Finance | None
    cures: list[Cure] = field(default_factory=list)
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def network(self) -> Network:
        """The plant at the waist."""
        return self.built.network

    @property
    def sizes(self) -> dict[str, tuple[float, str]]:
        """Every capacity, given or chosen: name → (value, unit)."""
        capacities = self.network.capacities.items()
        return {name: (self.solution.number(size), unit) for name, (size, unit) in capacities}

    @property
    def outcomes(self) -> Outcomes | None:
        """What it costs in each scenario and weather year; None where there is only one."""
        return outcomes(self.solution, self.plant.risk)

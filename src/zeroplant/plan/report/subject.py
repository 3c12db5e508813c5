"""What a report reads of a planned plant: `PlanResult`, or anything that offers the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from zeroplant.assets import Finding
    from zeroplant.capital import Appraisal, Bar, Project, Terms
    from zeroplant.rules import RuleResult
    from zeroplant.waist import Network
    from zeroplant.waist.solution import Solution


class PlantLike(Protocol):
    """A plant: what it is called and what stands in it, by name."""

    @property
    def name(self) -> str:
        """Name as its owner wrote it."""

    @property
    def currency(self) -> str:
        """ISO code of its money."""

    @property
    def sites(self) -> Mapping[str, Any]:
        """Sites (pydantic models) by name."""

    @property
    def assets(self) -> Mapping[str, Any]:
        """Assets (pydantic models) by name."""


class FinanceLike(Protocol):
    """Money: the project and its terms, and what became of them over the years."""

    @property
    def project(self) -> Project:
        """What is bought, and the ledger of the first year."""

    @property
    def terms(self) -> Terms:
        """How it is valued, taxed and financed."""

    @property
    def appraisal(self) -> Appraisal:
        """Yearly statement, measures, and what the reader must be told."""

    @property
    def tornado(self) -> Sequence[Bar]:
        """NPV when one figure moves by 10 %."""


class CarbonLike(Protocol):
    """Yearly carbon account; see `zeroplant.plan.result.Carbon`."""

    @property
    def emissions(self) -> float:
        """The plant's own, tCO2 a year."""

    @property
    def reference(self) -> float:
        """What the load would emit on grid power alone, tCO2 a year."""

    @property
    def intensity(self) -> float:
        """Emissions over load, tCO2/MWh."""

    @property
    def matched(self) -> float:
        """Share of the load that renewable generation covers in the same period."""

    @property
    def annual_match(self) -> float:
        """The same over the year."""


class CureLike(Protocol):
    """How to keep a broken rule, or serve the load; see `zeroplant.plan.result.Cure`."""

    @property
    def broken(self) -> str:
        """Name of what is broken."""

    @property
    def amount(self) -> float:
        """How far, in ``unit``."""

    @property
    def unit(self) -> str:
        """Unit of the amount."""

    @property
    def changes(self) -> Mapping[str, tuple[float, float]]:
        """Capacities to change: planned and needed."""

    @property
    def cost(self) -> float | None:
        """Additional yearly cost; None where capacities alone do not help."""

    @property
    def words(self) -> tuple[str, str]:
        """All of it in English and Chinese."""


class Subject(Protocol):
    """A planned plant; see `zeroplant.plan.result.PlanResult`."""

    @property
    def plant(self) -> PlantLike:
        """The plant as it was described."""

    @property
    def network(self) -> Network:
        """Its network."""

    @property
    def solution(self) -> Solution:
        """The answer of the solver."""

    @property
    def rules(self) -> Sequence[RuleResult]:
        """Indicators of the rules."""

    @property
    def carbon(self) -> CarbonLike:
        """The carbon account."""

    @property
    def finance(self) -> FinanceLike | None:
        """The money, where the plant says on what terms."""

    @property
    def cures(self) -> Sequence[CureLike]:
        """For broken rules: what would mend them cheapest."""

    @property
    def findings(self) -> Mapping[str, list[Finding]]:
        """What assets say of the plan, by their names."""

    @property
    def seconds(self) -> Mapping[str, float]:
        """Time each step took."""

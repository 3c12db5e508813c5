"""One point of a sweep: the plant with some entries changed, planned in a process of its own."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zeroplant.errors import InputError, SolveError

if TYPE_CHECKING:
    from zeroplant.plan.result import PlanResult
    from zeroplant.solve.staged import Staged

LIMITS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "POLARS_MAX_THREADS",
)
"""Variables by which libraries are told how many threads they may take, before they are loaded."""


@dataclass(frozen=True)
class Task:
    """What to plan: the file, the entries to change for this point, and how to solve it."""

    number: int
    path: str
    changes: Mapping[str, str]
    solver: str = "auto"
    deadline: float = 900.0
    gap: float = 1e-4


@dataclass(frozen=True)
class Point:
    """What became of a point.

    ``status`` is "optimal", "feasible" or "failed", and ``reason`` why it failed. ``measures`` are
    by name, None where there is no such figure; ``sizes`` by the name of the capacity. ``broken``
    says in English and Chinese which rules and wishes it could not keep, ``slight`` which wishes
    it missed by less than a thousandth: they are told, and leave it among those that keep all.
    """

    number: int
    changes: dict[str, str]
    status: str = "failed"
    reason: str = ""
    measures: dict[str, float | None] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)
    size_units: dict[str, str] = field(default_factory=dict)
    currency: str = ""
    rules_met: int = 0
    rules: int = 0
    broken: list[tuple[str, str]] = field(default_factory=list)
    slight: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def done(self) -> bool:
        """Whether there is a plan."""
        return self.status != "failed"

    @property
    def keeps_all(self) -> bool:
        """Whether the plan keeps every rule, and every wish but slightly, and serves every load."""
        return self.done and not self.broken and self.rules_met == self.rules


def failed(task: Task, reason: str, seconds: float = 0.0) -> Point:
    """A point without a plan."""
    return Point(task.number, dict(task.changes), reason=reason, seconds=seconds)


def prepare() -> None:
    """Make a fresh process one of many: one thread for the solver, no answer to Ctrl-C.

    Ctrl-C goes to every process of a terminal; the one that began the sweep ends the others.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import highspy

    # HiGHS shares one set of threads within a process; the first model decides their number.
    model: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    model.silent()
    model.setOptionValue("threads", 1)
    model.run()


def plan_point(task: Task) -> Point:
    """Plan one point; what goes wrong with it becomes its reason."""
    begin = time.perf_counter()
    try:
        return _planned(task, begin)
    except InputError as error:
        reason = "; ".join(str(problem) for problem in error.problems)
        return failed(task, _tidy(reason, task.path), time.perf_counter() - begin)
    except (SolveError, OSError, MemoryError) as error:
        reason = str(error) or type(error).__name__
        return failed(task, _tidy(reason, task.path), time.perf_counter() - begin)


def _planned(task: Task, begin: float) -> Point:
    from zeroplant.plan.breach import breaches
    from zeroplant.plan.report.names import names_of
    from zeroplant.plan.run import plan
    from zeroplant.plant import load_plant

    plant = load_plant(task.path, task.changes)
    result = plan(
        plant,
        solver=task.solver,  # type: ignore[arg-type]  # the command line lets no other pass
        deadline=task.deadline,
        gap=task.gap,
        advise=False,
        walker=_walker(),
    )
    judged = [rule for rule in result.rules if rule.binding and rule.met is not None]
    names = names_of(plant.assets)
    broken = breaches(result.built, result.solution, result.rules, names)
    return Point(
        number=task.number,
        changes=dict(task.changes),
        status=result.solution.status,
        measures=dict(_measures(result)),
        sizes={name: value for name, (value, _) in result.sizes.items()},
        size_units={name: unit for name, (_, unit) in result.sizes.items()},
        currency=plant.currency,
        rules_met=sum(bool(rule.met) for rule in judged),
        rules=len(judged),
        broken=[(each.english, each.chinese) for each in broken if not each.slight],
        slight=[(each.english, each.chinese) for each in broken if each.slight],
        seconds=time.perf_counter() - begin,
    )


@cache
def _walker() -> Staged:
    """The staged solver of this process: points mostly differ in their numbers only.

    Each is begun cold, so that its answer does not depend on which points this process had before.
    """
    from zeroplant.solve.staged import Staged

    return Staged(threads=1, keeps=False)


def _measures(result: PlanResult) -> Iterator[tuple[str, float | None]]:
    """Figures of a plan by which points are compared, per year where they are amounts."""
    from zeroplant.plan.remedy import paid

    years = result.network.axis.years
    yield "cost", paid(result.solution) / years
    yield "penalty", _of_kind(result, "penalty") / years
    yield "emissions", result.carbon.emissions
    yield "intensity", result.carbon.intensity
    yield "matched", result.carbon.matched
    money = None if result.finance is None else result.finance.appraisal.measures
    for name, key in (
        ("npv", "project_npv"),
        ("irr", "project_irr"),
        ("equity_irr", "equity_irr"),
        ("lcoe", "project_lcoe"),
        ("dscr", "dscr_min"),
        ("payback", "payback_years"),
    ):
        yield name, None if money is None else getattr(money, key)
    found = result.outcomes
    yield "cvar", None if found is None else found.cvar
    for who, said in result.findings.items():
        for finding in said:
            yield f"{who}.{finding.key}", finding.value


def _of_kind(result: PlanResult, kind: str) -> float:
    return sum(entry.amount for entry in result.solution.ledger if entry.kind == kind)


def _tidy(reason: str, path: str) -> str:
    """One line, in which the folder of the plant is no news."""
    folder = str(Path(path) if Path(path).is_dir() else Path(path).parent)
    return " ".join(reason.replace(folder + os.sep, "").split())

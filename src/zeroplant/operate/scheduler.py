"""The scheduler: a plan of the same plant model from where it stands, always with an answer.

Four steps of a ladder: the best plan; the best one found by the deadline; the last good schedule,
moved on; a rule. No try takes more than half of the time that is left, but for the last. Where no
plan can keep every limit, limits give way at a price and are named.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from zeroplant.axis import Floats
from zeroplant.errors import InputError, SolveError
from zeroplant.operate.commitments import Commitment, net_export, promise
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.futures import Futures, is_uncertain
from zeroplant.operate.headroom import KEPT, keep_ready, lacking
from zeroplant.operate.reasons import reasons_of
from zeroplant.operate.rule import by_rule
from zeroplant.operate.schedule import MISSED, Schedule
from zeroplant.operate.situation import Situation, situated, steps_from
from zeroplant.operate.soften import soften
from zeroplant.operate.standing import Standing
from zeroplant.operate.swings import Swing
from zeroplant.solve.model import Model
from zeroplant.waist import Network
from zeroplant.waist.solution import Solution

NARROWED: Mapping[str, Swing] = {}
"""No store showed that it can swing less far than the plant file lets expect."""


@dataclass(frozen=True)
class Settings:
    """How plans are made.

    ``horizon`` steps ahead; ``futures`` planned for at most (1: only what is expected), fewer
    where the model would have more than ``columns`` columns; forecast errors last for ``lasting``
    hours. ``stability`` money per MWh by which the next ``stable_steps`` of the target are moved
    from what was planned before; ``gap`` at which a plan with whole numbers is good enough;
    ``margin`` is the share of the connection left to control for what moves within a step,
    ``edge`` the part of a plain store that control leaves alone, and ``ready`` the hours for which
    plain stores keep what the next steps may lack beyond what is expected.
    """

    horizon: int = 96
    futures: int = 6
    columns: int = 12_000
    lasting: float = 24.0
    stability: float = 0.0
    stable_steps: int = 8
    gap: float = 1e-3
    margin: float = 0.01
    edge: float = 0.005
    ready: float = 0.5
    seed: int = 0


@dataclass
class Scheduler:
    """Plans of one standing plant; it remembers its last good schedule and what flows were."""

    standing: Standing
    settings: Settings = field(default_factory=Settings)
    begun: Callable[[], None] = lambda: None
    """Called each time the solver is about to be."""

    def __post_init__(self) -> None:
        self.last: Schedule | None = None
        self._owed: tuple[object, ...] = ()
        self._past: dict[int, dict[str, float]] = {}
        axis = self.standing.network.axis
        columns = len(self.standing.network.flows) + len(self.standing.network.stores)
        fitting = self.settings.columns // (columns * min(self.settings.horizon, axis.periods))
        count = max(1, min(self.settings.futures, fitting))
        count -= count % 2 if count > 1 else 0  # pairs
        lasting = self.settings.lasting / axis.hours
        self.futures = Futures(count, axis.periods, lasting, self.settings.seed)

    def plan(
        self,
        now: datetime,
        levels: Mapping[str, float],
        forecasts: Mapping[str, Forecast],
        commitments: Sequence[Commitment] = (),
        *,
        deadline: float = 5.0,
        measured: Mapping[str, float] | None = None,
        swings: Mapping[str, Swing] = NARROWED,
    ) -> Schedule:
        """A schedule from the quarter-hour of ``now`` on, within ``deadline`` seconds.

        ``levels`` of stores as measured (missing or nan: as was planned); ``measured`` what flows
        were in the quarter-hour before, ``swings`` how far stores showed they can swing. Raises
        InputError only where the standing plant has no such moment.
        """
        begin = time.perf_counter()
        first, steps = steps_from(self.standing, now, self.settings.horizon)
        self._remember(first - 1, measured or {})
        known = self._levels(now, levels)
        situation = Situation(first, steps, known, forecasts, self._recent(first), swings=swings)
        notes: list[str] = []
        for futures, soft in self._ladder(forecasts):
            left = (deadline - (time.perf_counter() - begin)) * (1.0 if soft else 0.5)
            if left <= 0:
                notes.append("the deadline has passed")
                break
            try:
                here = replace(situation, futures=futures)
                network = self._network(here, commitments)
                if soft:
                    soften(network)
                schedule = self._solved(network, now, left, notes)
            except (SolveError, InputError, ValueError, ArithmeticError) as error:
                notes.append(str(error).splitlines()[0][:300])
                continue
            self._keep(first, schedule)
            self._owed = _said(commitments)
            return schedule
        return self.fallback(now, levels, forecasts, "; ".join(notes))

    def _ladder(self, forecasts: Mapping[str, Forecast]) -> Iterator[tuple[Futures | None, bool]]:
        """What is tried: several futures, what is expected, and that with limits that give way."""
        if self.futures.count > 1 and is_uncertain(forecasts):
            yield self.futures, False
        yield None, False
        yield None, True

    def fallback(
        self,
        now: datetime,
        levels: Mapping[str, float],
        forecasts: Mapping[str, Forecast],
        note: str,
    ) -> Schedule:
        """The last good schedule moved on, or a rule; needs no solver."""
        first, steps = steps_from(self.standing, now, self.settings.horizon)
        axis = self.standing.network.axis
        start = axis.start + first * axis.step
        kept = None if self.last is None else self.last.moved_on(now, start, note)
        if kept is not None and kept.steps >= min(4, steps):
            return kept
        known = self._levels(now, levels)
        try:
            plain = Situation(first, steps, known, forecasts, {}, None)
            return by_rule(situated(self.standing, plain), now, known, note)
        except (InputError, ValueError, ArithmeticError):  # forecasts that are no forecasts
            plain = Situation(first, steps, known, {}, {}, None)
            return by_rule(situated(self.standing, plain), now, known, note)

    # -- inside ---------------------------------------------------------------------------------

    def _network(self, situation: Situation, commitments: Sequence[Commitment]) -> Network:
        network = situated(self.standing, situation)
        for flow in network.flows:
            if flow.role in ("import", "export"):
                flow.cap = flow.cap * (1.0 - self.settings.margin)
        if situation.forecasts:  # who knows what comes need keep nothing for what may come
            lacks = self.settings.ready * lacking(network, situation.forecasts)
            keep_ready(network, self.settings.edge, lacks)
        steady = self._stability(network) if _said(commitments) == self._owed else []
        promise(network, [*commitments, *steady])
        return network

    def _stability(self, network: Network) -> list[Commitment]:
        """What was planned before, as a promise that costs little to break.

        Only for a plan that has to keep the same promises: one that is lifted must not live on.
        """
        before, axis = self.last, network.axis
        if before is None or not self.settings.stability or not net_export(network).terms:
            return []
        kept = before.moved_on(axis.start, axis.start, "")
        if kept is None:
            return []
        count = min(self.settings.stable_steps, kept.steps, axis.periods)
        until = axis.start + count * axis.step
        price = self.settings.stability
        return [
            Commitment("plan before", "schedule", axis.start, until, kept.target[:count], price)
        ]

    def _solved(
        self, network: Network, now: datetime, deadline: float, notes: Sequence[str]
    ) -> Schedule:
        model = Model(network, solver="highs")
        self.begun()
        solution = model.solve(deadline=deadline, gap=self.settings.gap)
        return _schedule(model, solution, now, "; ".join(notes))

    def _levels(self, now: datetime, levels: Mapping[str, float]) -> dict[str, float]:
        """Levels as measured; what nobody knows is where it was planned to be."""
        known = {name: level for name, level in levels.items() if np.isfinite(level)}
        last = self.last
        if last is not None and last.start < now <= last.end:
            place = (now - last.start) // last.step - 1
            planned = {name: float(v[max(0, place)]) for name, v in last.level.items()}
            known = {**planned, **known}
        return known

    def _remember(self, step: int, measured: Mapping[str, float]) -> None:
        if measured:
            known = {name: value for name, value in measured.items() if np.isfinite(value)}
            self._past[step] = {**self._past.get(step, {}), **known}

    def _recent(self, first: int) -> dict[str, Floats]:
        """What flows were in the steps before, as far as the record has no gap."""
        steps = 0
        while first - steps - 1 in self._past and steps < self.settings.horizon:
            steps += 1
        if not steps:
            return {}
        rows = [self._past[step] for step in range(first - steps, first)]
        names = set(rows[-1]).intersection(*rows)
        return {name: np.array([row[name] for row in rows]) for name in names}

    def _keep(self, first: int, schedule: Schedule) -> None:
        self.last = schedule
        planned = {name: float(values[0]) for name, values in schedule.power.items()}
        self._past[first] = planned
        oldest = first - self.settings.horizon - 1
        self._past = {step: row for step, row in self._past.items() if step >= oldest}


def _said(commitments: Sequence[Commitment]) -> tuple[object, ...]:
    """What promises say, whenever they hold."""
    return tuple((c.name, c.kind, np.asarray(c.value, dtype=float).tobytes()) for c in commitments)


def _schedule(model: Model, solution: Solution, now: datetime, note: str) -> Schedule:
    network = solution.network
    axis = network.axis
    weight = np.array([chain.weight for chain in axis.chains])

    def expected(values: Floats) -> Floats:
        table = np.broadcast_to(values, (axis.stages,)).reshape(len(weight), axis.periods)
        return np.asarray(weight @ table)

    rows = solution.row_dual
    worth = {
        store.name: _sum_of_chains(
            -rows[solution.layout.row(len(network.nodes) + store.index)], len(weight)
        )
        for store in network.stores
    }
    price = {node.name: expected(solution.price(node)) for node in network.nodes}
    return Schedule(
        made=now,
        start=axis.start,
        step=axis.step,
        status="optimal" if solution.status == "optimal" else "feasible",
        power={flow.name: expected(solution.value(flow)) for flow in network.flows
               if not flow.name.startswith((*MISSED, KEPT))},
        level={store.name: expected(solution.value(store)) for store in network.stores},
        price=price,
        worth=worth,
        target=expected(solution.value(net_export(network))),
        reasons=reasons_of(model, solution),
        shortfall=_shortfall(solution),
        cost=solution.objective,
        note=note,
    )  # fmt: skip


def _sum_of_chains(values: Floats, chains: int) -> Floats:
    """Duals of the futures already carry their probability, so they add up."""
    return np.asarray(values.reshape(chains, -1).sum(axis=0))


def _shortfall(solution: Solution) -> dict[str, float]:
    """Promises missed and limits broken, in unit·h."""
    found = {}
    for flow in solution.network.flows:
        if flow.name.startswith(MISSED) and "plan before" not in flow.name:
            amount = solution.total(flow)
            if amount > 1e-6:
                found[flow.name] = amount
    return found

"""What came of a run, as plain data: the figures of ``--json`` and of the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.alarms import AlarmChange
from zeroplant.operate.points import asset_of
from zeroplant.operate.scheduler import Scheduler
from zeroplant.operate.scheduler import Settings as Planning
from zeroplant.twin import kpi
from zeroplant.twin.run import Simulation


@dataclass(frozen=True)
class Compared:
    """Cost of the same days under other forecasters, each with what is to come; see `cost_of`."""

    costs: Mapping[str, float]

    def regret(self, cost: float) -> dict[str, Any]:
        """What ours and persistence cost more than foresight, and ours as a share of the other."""
        ours = cost - self.costs["perfect"]
        naive = self.costs["persistence"] - self.costs["perfect"]
        share = ours / naive if naive > 0.0 else float("nan")
        costs = {"ours": cost, **self.costs}
        return {"ours": ours, "persistence": naive, "share": share, "costs": costs}


def cost_of(run: Simulation) -> float:
    """Cost of the days, and of the day after with foresight from the levels that are left.

    So energy in stores counts for what it is worth in the days that really come, and no run looks
    better because it emptied them.
    """
    account, truth = run.twin.account, run.prepared.truth
    spent = kpi.money_of(truth, account, run.begin_levels).cost.sum()
    end = truth.network.axis.start + account.stages * truth.network.axis.step
    last = account.levels[account.stages - 1]
    levels = {store.name: float(last[store.index]) for store in truth.network.stores}
    ahead = Scheduler(truth, Planning(futures=1)).plan(end, levels, {}, deadline=60.0)
    return float(spent) + ahead.cost


def outcome(run: Simulation, compared: Compared | None = None) -> dict[str, Any]:
    """All figures of a run."""
    account, prepared = run.twin.account, run.prepared
    money = kpi.money_of(prepared.truth, account, run.begin_levels)
    rating = kpi.connection_rating(account)
    cycles = run.cycles
    energy = kpi.energy_of(account)
    plant = prepared.known.plant
    figures: dict[str, Any] = {
        "plant": plant.name,
        "start": str(prepared.known.network.axis.local[0]),
        "days": prepared.days,
        "cycle_seconds": run.cycle,
        "cycles": run.count,
        "seed": run.seed,
        "forecaster": run.forecaster,
        "currency": plant.currency,
        "sizes": {name: value for name, value in prepared.known.sizes.items() if value},
        "energy_mwh": energy,
        "curtailed_mwh": sum(each.get("curtailed", 0.0) for each in energy.values()),
        "unserved_mwh": kpi.unserved_of(account),
        "planned_unserved_mwh": _planned_unserved(run),
        "cost": money.net_cost,
        "money": float(money.money.sum()),
        "ledger": money.lines,
        "stored_worth": money.stored,
        "regret": None if compared is None else compared.regret(cost_of(run)),
        "tracking_error": kpi.tracking(cycles.target, cycles.exported, rating),
        "tracking_error_planned": kpi.tracking(cycles.planned, cycles.exported, rating),
        "tracking_error_achievable": kpi.tracking(cycles.achievable, cycles.exported, rating),
        "connection_mw": rating,
        "envelope_violations": account.violations,
        "worst_excess_mw": max(0.0, account.worst),
        "open_balance": kpi.open_balance(account),
        "forecast_skill": kpi.skill_of(run.made, prepared.future, 96),
        "alarms": _alarms(run),
        "faults": _faults(run),
        "solver": _solver(run),
        "commands": _commands(run),
        "commands_refused": run.refused,
        "kinds": {name: _number(value) for name, value in run.twin.figures().items()},
        "seconds": dict(run.seconds),
    }
    return figures


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, (int, float, np.floating)) else value


def _planned_unserved(run: Simulation) -> float:
    """Unit·h of load that schedules meant to leave unserved when their time came."""
    network, hours = run.prepared.known.network, run.prepared.known.network.axis.hours
    names = [flow.name for flow in network.flows
             if flow.role == "unserved" and "agreed" not in flow.tags]  # fmt: skip
    first = {schedule.start: schedule for schedule in reversed(run.schedules)}
    return hours * sum(
        float(schedule.power[name][0])
        for schedule in first.values()
        for name in names
        if name in schedule.power
    )


def _alarms(run: Simulation) -> dict[str, Any]:
    raised = Counter(_told(each) for each in run.alarms if each.change == "raised")
    return {"raised": sum(raised.values()), "by_kind": dict(raised.most_common(50))}


LISTENED = timedelta(minutes=5)
"""How long after a fault its alarm may still come."""


def _faults(run: Simulation) -> list[dict[str, Any]]:
    """What broke and what alarms answered: raised since, of what it broke or of the whole plant.

    Hours since the start of the run; ``answered_seconds`` are those until the first alarm.
    """
    assets = {asset_of(name) for name in run.twin.points.names}
    found = []
    for fault in run.trouble.faults:
        begin = run.clock.start + timedelta(hours=fault.at)
        end = begin + timedelta(hours=fault.lasts) + LISTENED
        others = assets - run.breaking.broken(fault) if fault.device else set()
        heard = [
            each
            for each in run.alarms
            if each.change == "raised"
            and begin <= each.at < end
            and asset_of(each.alarm.key) not in others
        ]
        found.append({
            "kind": fault.kind,
            "device": fault.device,
            "from_hours": fault.at,
            "to_hours": fault.at + fault.lasts,
            "alarms": list(dict.fromkeys(_told(each) for each in heard)),
            "answered_seconds": (heard[0].at - begin).total_seconds() if heard else None,
        })  # fmt: skip
    return found


def _told(change: AlarmChange) -> str:
    """An alarm by its code, and what it is about."""
    alarm = change.alarm
    return f"{alarm.code}: {alarm.key}" if alarm.key else alarm.code


def _solver(run: Simulation) -> dict[str, Any]:
    seconds = np.array(run.solved)
    p50, p95 = np.quantile(seconds, [0.5, 0.95]) if seconds.size else (0.0, 0.0)
    return {
        "plans": len(run.schedules),
        "status": dict(Counter(schedule.status for schedule in run.schedules)),
        "seconds_p50": float(p50),
        "seconds_p95": float(p95),
        "seconds_worst": float(seconds.max(initial=0.0)),
    }


def _commands(run: Simulation) -> dict[str, int]:
    """Writes to each device over the run."""
    found: Counter[str] = Counter()
    for place in np.flatnonzero(run.commands):
        found[asset_of(run.twin.points.names[place])] += int(run.commands[place])
    return dict(found)


def day_ahead(run: Simulation) -> Floats:
    """Net export as the first schedule of each day planned it, one value per quarter-hour."""
    stages = run.twin.account.stages
    planned = np.full(stages, np.nan)
    axis = run.prepared.known.network.axis
    for schedule in run.schedules:
        first = (schedule.start - axis.start) // axis.step
        if first % 96 == 0:
            last = min(first + min(96, schedule.steps), stages)
            planned[first:last] = schedule.target[: last - first]
    return planned


def latest_plan(run: Simulation, name: str) -> Floats:
    """A flow as the schedule in force planned it, one value per quarter-hour."""
    stages = run.twin.account.stages
    axis = run.prepared.known.network.axis
    planned = np.full(stages, np.nan)
    for schedule in run.schedules:
        first = (schedule.start - axis.start) // axis.step
        if first < stages and name in schedule.power:
            planned[first] = schedule.power[name][0]
    return planned

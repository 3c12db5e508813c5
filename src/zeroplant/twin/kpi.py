"""Figures of a run: what it cost, how well it did what was asked, and what went wrong.

Money is that of the ledger: the truth's own lines on what really flowed, period by period.
``cost`` counts every line, also charges in nobody's purse (what rules over the year are worth,
unserved energy), less what is left in stores; it is what plans minimise, so it is what runs of the
same days are compared by. ``money`` is the part of it that somebody pays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Floats
from zeroplant.operate.standing import Standing
from zeroplant.twin.account import Account
from zeroplant.twin.physics import CLOSER, LIMIT
from zeroplant.waist import ledger
from zeroplant.waist.linear import Linear
from zeroplant.waist.words import UNPAID, Flow, Size, Store


@dataclass(frozen=True)
class Lived:
    """The truth of the periods that are over as values of the ledger; nothing later."""

    account: Account
    stages: int

    def value(self, thing: Linear) -> Floats:
        """Values over all stages of the network, nothing where it has not been."""
        network = self.account.physics.network
        if isinstance(thing, Size):
            return np.zeros(thing.count)
        values = np.zeros(network.axis.stages)
        if isinstance(thing, Flow):
            values[: self.stages] = self.account.means()[: self.stages, thing.index]
        elif isinstance(thing, Store):
            values[: self.stages] = self.account.levels[: self.stages, thing.index]
        return values


@dataclass(frozen=True)
class Money:
    """Money by period, (stages,), and of the lines one by one."""

    cost: Floats
    money: Floats
    lines: dict[str, float]
    stored: float
    """Worth of what is in stores at the end, less that at the beginning."""

    @property
    def net_cost(self) -> float:
        """All costs, less what is left in stores."""
        return float(self.cost.sum()) - self.stored


def money_of(standing: Standing, account: Account, levels: Floats) -> Money:
    """The ledger of what really flowed; ``levels`` of stores at the beginning."""
    network, stages = standing.network, account.stages
    lived = Lived(account, stages)
    cost, money = np.zeros(stages), np.zeros(stages)
    lines: dict[str, float] = {}
    for line in network.lines:
        amounts = ledger.amounts(line, lived, network.axis)[:stages]
        if _is_end_worth(line.what):
            continue
        cost += amounts
        if line.kind not in UNPAID:
            money += amounts
            name = f"{line.who}: {line.what}"
            lines[name] = lines.get(name, 0.0) + float(amounts.sum())
    stored = 0.0
    for store in network.stores:
        worth = standing.worth.get(store.name)
        if worth is not None and stages:
            stored += float(worth[stages - 1] * account.levels[stages - 1, store.index])
            stored -= float(worth[stages - 1] * levels[store.index])
    return Money(cost, money, {k: v for k, v in lines.items() if v}, stored)


def _is_end_worth(what: str) -> bool:
    """Lines a window lays on its end: what is left there is counted apart."""
    return what.startswith("worth of ")


def energy_of(account: Account) -> dict[str, dict[str, float]]:
    """MWh (or unit·h) of every flow that moved, and what was curtailed of generation."""
    network, hours = account.physics.network, account.physics.network.axis.hours
    flows, possible = account.means(), account.possible_means()
    found: dict[str, dict[str, float]] = {}
    for flow in network.flows:
        total = float(flows[:, flow.index].sum() * hours)
        if abs(total) < 1e-9:
            continue
        found[flow.name] = {"energy": total}
        if account.physics.sort[flow.index] == LIMIT:
            able = float(possible[:, flow.index].sum() * hours)
            found[flow.name]["curtailed"] = max(0.0, able - total)
    return found


def unserved_of(account: Account) -> float:
    """Unit·h that were asked for and not served, but for what was agreed."""
    network, hours = account.physics.network, account.physics.network.axis.hours
    flows = account.means()
    return sum(
        float(flows[:, flow.index].sum() * hours)
        for flow in network.flows
        if flow.role == "unserved" and "agreed" not in flow.tags
    )


def open_balance(account: Account) -> float:
    """Greatest mean of a period that nothing could close at a node; 0 if physics held."""
    physics = account.physics
    closes = np.diff(physics.closers.first) > 0
    balances = account.open_balances()[:, closes]
    return float(np.abs(balances).max(initial=0.0))


def tracking(target: Floats, exported: Floats, rating: float) -> dict[str, float]:
    """How far the plant was from its target, in shares of its connection."""
    known = np.isfinite(target)
    off = np.abs(exported - target)[known] / max(rating, 1e-9)
    if not off.size:
        return {"p50": 0.0, "p95": 0.0, "worst": 0.0}
    p50, p95 = np.quantile(off, [0.5, 0.95])
    return {"p50": float(p50), "p95": float(p95), "worst": float(off.max())}


def connection_rating(account: Account) -> float:
    """MW of all connections to the public grid: the larger of both directions."""
    physics = account.physics
    by_role = {
        role: sum(
            float(physics.most[:, flow.index].max())
            for flow in physics.network.flows
            if flow.role == role and physics.sort[flow.index] == CLOSER
            and "green" not in flow.tags
        )
        for role in ("import", "export")
    }  # fmt: skip
    return max(by_role.values())


def skill_of(
    made: Mapping[str, Sequence[tuple[int, Floats]]], truth: Mapping[str, Floats], per_day: int
) -> dict[str, dict[str, float]]:
    """Error of forecasts of a day ahead and of persistence, shares of the greatest value.

    ``made``: by key, (stage it starts at, expectation of each step). Persistence is the same
    quarter-hour of the day before the forecast was made.
    """
    found = {}
    for key, forecasts in made.items():
        values, ours, naive = truth[key], [], []
        rating = float(np.abs(values).max(initial=0.0))
        if rating <= 0.0:
            continue
        for start, mean in forecasts:
            steps = np.arange(start, min(start + len(mean), len(values)))
            steps = steps[steps - per_day >= 0][: len(mean)]
            if not steps.size or start < per_day:
                continue
            ours.append(mean[steps - start] - values[steps])
            naive.append(values[start - per_day + (steps - start) % per_day] - values[steps])
        if ours:
            mine, theirs = (float(np.sqrt(np.mean(np.concatenate(e) ** 2))) / rating
                            for e in (ours, naive))  # fmt: skip
            found[key] = {"rmse": mine, "persistence": theirs,
                          "skill": 1.0 - mine / theirs if theirs > 0.0 else 0.0}  # fmt: skip
    return found

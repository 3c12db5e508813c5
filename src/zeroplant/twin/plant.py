"""The twin: the plant's physics on a step of seconds, seen and set only through its devices.

Truth comes from a `Standing` drawn with other seeds than the controller's. In every step

1. the outside moves (loads, wind, sun, rivers; `state.Truth`),
2. kinds with finer physics bend bounds and coefficients (`Kind.bound`),
3. devices go towards their set-points, stores and balances hold (`step_kernel`),
4. kinds move what is their own, and count (`Kind.settle`),
5. devices say what they measure (`sense`).

**Kind.** A kind with finer physics is a class in `twin/kinds/` with two methods, called with the
`State` before and after the step's arithmetic. In `bound` it may change ``least``, ``most``,
``goal`` and the rates of its own flows and stores; in `settle` it may move the levels of stores it
marked in ``state.own`` and keep account of what it alone knows (waits, comfort, lockages), which
it tells by `figures`. It holds one asset and finds its own flows and stores by name. A kind
may also say in ``state.fallback`` what its flows do by themselves. Kinds without one are as the
waist says them, and the rules of single periods they declared hold as caps (`physics.Ruled`).

**Set-points lapse.** After its ``until`` a device goes back by itself: generation to its share of
what the connections can always carry away, stores to rest, vehicles to charging at once, other
loads to what they use on average; conversions hold, and follow the balance of their node. Lapsed
batteries and generation keep the connection within its limits by themselves (`protection`);
where even that is not enough, a relay sheds load (`relay`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit
from zeroplant.operate.image import Codes, micros
from zeroplant.operate.points import Points, is_shed, points_of, possible_of
from zeroplant.operate.standing import Standing
from zeroplant.twin.account import Account
from zeroplant.twin.clock import SimulatedClock
from zeroplant.twin.devices import connections, kinds_of, manners, ratings
from zeroplant.twin.physics import LIMIT, UNBOUNDED, WORD, physics_of
from zeroplant.twin.protection import protections
from zeroplant.twin.relay import relays
from zeroplant.twin.ripple import ripple_of
from zeroplant.twin.sense import Senses, truth_places
from zeroplant.twin.state import State, Truth, state_of
from zeroplant.twin.way import Way

BoolArray = NDArray[np.bool_]
NEVER = np.iinfo(np.int64).min


class Kind(Protocol):
    """Finer physics of one asset; see the module."""

    def bound(self, state: State) -> None:
        """Before the step: bounds, goals and rates of its own."""
        ...

    def settle(self, state: State) -> None:
        """After the step: levels of its own, and accounts."""
        ...

    def figures(self) -> Mapping[str, Any]:
        """What it counted, by name; plain numbers."""
        ...


class Twin:
    """The simulated plant; ``points`` are those of the controller, in the same order."""

    def __init__(
        self,
        standing: Standing,
        *,
        seed: int = 1,
        step: float = 4.0,
        clock: SimulatedClock | None = None,
    ) -> None:
        from zeroplant.twin.kinds import RULED, kinds_for

        network = standing.network
        self.standing, self.seconds = standing, step
        self.points: Points = points_of(network, standing.sizes)
        self.clock = clock or SimulatedClock(network.axis.start)
        self.physics = physics_of(network, standing.sizes)
        self.state = state_of(self.physics, step)
        self.truth = Truth(self.physics, ripple_of(standing, self.physics), step, seed)
        self.senses = Senses(
            self.points, self._ratings(), self.clock, step, seed, self._both_ways()
        )
        self.kinds: list[Kind] = kinds_for(standing, self.physics, self.state, seed)
        self.account = Account(self.physics, self.state)
        kinds = kinds_of(standing.plant.assets)
        finer = {name for name, kind in kinds.items() if kind in RULED}
        self._ruled = [rule for rule in self.physics.ruled if rule.who not in finer]
        self._answer, self._ramp = manners(self.physics, kinds, step)
        self._set = np.full(len(self.points), np.nan)
        self._until = np.full(len(self.points), NEVER, np.int64)
        self.deaf = np.zeros(len(self.points), bool)
        """Points that acknowledge set-points and do nothing about them."""
        self.away = np.zeros(len(network.flows), bool)
        """Flows whose device is out of service."""
        self.way = Way(len(self.points), seed)
        names = [flow.name for flow in network.flows], [store.name for store in network.stores]
        which, where = truth_places(self.points, *names)
        flows, stores = len(network.flows), len(network.stores)
        self._truths = np.array([0, flows, flows + stores, 2 * flows + stores])[which] + where
        self._flow_point = np.flatnonzero(which == 0)
        self._flows = where[self._flow_point]
        self._relays = relays(self.physics)
        self._protections = protections(self.physics)
        guarded = [each.relieves for each in self._protections]
        guarded += [each.generates for each in self._protections]
        self._guarded = np.concatenate([*guarded, np.zeros(0, np.int64)])
        self._delays = [_Delay(self, *each) for each in self.physics.delays]

    def _ratings(self) -> Floats:
        """What the meter of each point was made for: of generation, the most that comes of it."""
        rating = self.points.most.copy()
        for flow in self.physics.network.flows:
            if is_shed(flow):
                rating[self.points.index[flow.name]] = 0.0  # a switch is no meter, and has no noise
            elif self.physics.sort[flow.index] == LIMIT:
                for name in (flow.name, possible_of(flow.name)):
                    rating[self.points.index[name]] = ratings(self.physics)[flow.index]
        return rating

    def _both_ways(self) -> Ints:
        """Points of which one meter counts all, (meters, 3): see `Senses`."""
        flows, physics = self.physics.network.flows, self.physics
        both = [[gives, takes, -1] for takes, gives in physics.pairs.tolist()]
        ends: dict[str, dict[str, list[int]]] = {}
        for place in connections(physics):
            of = ends.setdefault(flows[place].who, {"export": [], "import": []})
            of[flows[place].role].append(place)
        for of in ends.values():
            if len(of["export"]) == 1 and len(of["import"]) in (1, 2):
                both.append([*of["export"], *of["import"], -1][:3])
        once = Counter(place for each in both for place in each if place >= 0)
        names = [[self.points.index[flows[place].name] if place >= 0 else -1 for place in each]
                 for each in both if max(once[place] for place in each) == 1]  # fmt: skip
        return np.array(names, np.int64).reshape(-1, 3)

    def advance(self, seconds: float) -> None:
        """Let time pass, in whole steps."""
        for _ in range(round(seconds / self.seconds)):
            self._step()

    def read(self) -> tuple[Floats, Ints, Codes]:
        """What the devices report: value, event time [us], quality, in the order of ``points``."""
        return self.senses.read()

    def write(self, which: Ints, value: Floats, until: datetime) -> BoolArray:
        """Set some points; which of them acknowledged. A device that is silent does not."""
        return self.write_until(which, value, np.full(len(which), micros(until), np.int64))

    def write_until(self, which: Ints, value: Floats, until: Ints) -> BoolArray:
        """The same with an end for each, in microseconds since 1970."""
        known = self.points.writable[which] & ~self.senses.bent.silent[which]
        here, answered = self.way.send(self.state.at, which, value, until)
        here &= known
        self._take(which[here], value[here], until[here])
        return np.asarray(known & answered)

    def _take(self, which: Ints, value: Floats, until: Ints) -> None:
        """Set-points have come to their devices."""
        heard = ~self.deaf[which]
        self._set[which[heard]] = value[heard]
        self._until[which[heard]] = until[heard]

    def begin(self, power: Mapping[str, float]) -> None:
        """Let the plant already run as it was planned, before its first step.

        What only measures how far a plan breaks a wish does not run.
        """
        ruling = {flow for rule in self.physics.ruled for flow, _ in rule.flows}
        for flow in self.physics.network.flows:
            value = power.get(flow.name, np.nan)
            runs = self.physics.sort[flow.index] != WORD or flow.index in ruling
            if np.isfinite(value) and runs:
                self.state.x[flow.index] = self.state.goal[flow.index] = value

    def take_over(self, before: Twin) -> None:
        """Go on from the state of a twin of the days before; kinds begin anew."""
        for mine, theirs in (
            (self.state.x, before.state.x),
            (self.state.goal, before.state.goal),
            (self.state.level, before.state.level),
            (self._set, before._set),
            (self._until, before._until),
        ):
            mine[:] = theirs
        self.senses.take_over(before.senses)

    def forget(self, which: Ints) -> None:
        """Let what was set lapse at once."""
        self._until[which] = NEVER

    def places(self, names: Sequence[str]) -> Ints:
        """Places of points by name."""
        return np.array([self.points.index[name] for name in names], np.int64)

    def figures(self) -> dict[str, Any]:
        """What the kinds counted."""
        found: dict[str, Any] = {}
        for kind in self.kinds:
            found.update(kind.figures())
        return found

    def _step(self) -> None:
        from zeroplant.twin.step_kernel import step

        state, physics = self.state, self.physics
        self.truth.step(state)
        state.arriving[:] = 0.0
        for delay in self._delays:
            delay.deliver(state)
        for relay in self._relays:
            relay.watch(state)
        state.most[self.away] = 0.0
        if self.way.under:
            for each in self.way.arrived(state.at):
                self._take(*each)
        self._give_goals()
        for rule in self._ruled:
            cap = max(rule.cap(state.stage, state.x, state.level), 0.0)
            state.most[rule.flow] = min(state.most[rule.flow], cap)
        for kind in self.kinds:
            kind.bound(state)
        step(
            state.hours, physics.sort, state.least, state.most, state.goal, self._answer,
            self._ramp, state.x, physics.pairs, physics.nodes.flow, physics.nodes.into,
            state.node_rate, state.arriving, physics.closers.order, physics.closers.first,
            physics.closers.entry, physics.closers.ended, physics.stores.flow,
            physics.stores.into, state.store_rate, state.keep, state.inflow, state.floor, state.cap,
            state.level, state.own, physics.spills, state.residual, state.lost,
        )  # fmt: skip
        for kind in self.kinds:
            kind.settle(state)
        for delay in self._delays:
            delay.take(state)
        self.account.add(state)
        state.at += self.seconds
        self.clock.advance(self.seconds)
        self.senses.see(self.true_values())

    def _give_goals(self) -> None:
        """Set-points that hold, or what devices fall back to."""
        state, lapsed = self.state, np.ones(len(self.state.goal), bool)
        _aim(
            micros(self.clock.now()), self._until, self._set, self._flow_point, self._flows,
            state.fallback, state.goal, lapsed,
        )  # fmt: skip
        if np.count_nonzero(lapsed[self._guarded]):
            for each in self._protections:
                each.correct(state, lapsed)

    def true_values(self) -> Floats:
        """What every point would say if it were right, in the order of ``points``."""
        state = self.state
        lists = (state.x, state.level, state.most, ~self.away)
        return np.concatenate(lists)[self._truths]


@njit(cache=True, nogil=True)
def _aim(  # noqa: PLR0917 - arrays in a fixed order, as compiled code takes them
    now: int, until: Ints, told: Floats, point: Ints, flow: Ints, fallback: Floats, goal: Floats,
    lapsed: BoolArray,
) -> None:  # fmt: skip
    """What each ``flow`` is told by its ``point``, or falls back to, in place; which ``lapsed``."""
    for k in range(len(flow)):
        p, f = point[k], flow[k]
        lapsed[f] = until[p] <= now or np.isnan(told[p])
        if not lapsed[f]:
            goal[f] = told[p]
        elif not np.isnan(fallback[f]):
            goal[f] = fallback[f]


class _Delay:
    """What is under way between two nodes, such as water in a river."""

    def __init__(self, twin: Twin, flow: int, node: int, rate: Floats, hours: float) -> None:
        steps = max(1, round(hours * 3600.0 / twin.seconds))
        self._flow, self._node, self._rate = flow, node, rate
        self._way = np.zeros(steps)
        self._at = 0
        most = float(twin.physics.most[0, flow])
        for place in np.flatnonzero(twin.physics.stores.flow == flow):
            # Before the beginning the river flowed as it came, through what is made for it.
            drawn = -float(twin.physics.stores.series[0, place])
            store = twin.physics.stores.into[place]
            if drawn > 0.0 and most < UNBOUNDED:
                came = float(twin.physics.inflow[0, store]) / drawn
                self._way[:] = min(came, most) * rate[0]

    def deliver(self, state: State) -> None:
        """What set out so long ago arrives."""
        state.arriving[self._node] += self._way[self._at]

    def take(self, state: State) -> None:
        """What sets out in this step."""
        self._way[self._at] = state.x[self._flow] * self._rate[state.stage]
        self._at = (self._at + 1) % len(self._way)

"""The packs of one family at a swap station, counted by class of charge, at the waist."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from zeroplant.assets.parts.pack_family import PackFamily
from zeroplant.axis import Floats
from zeroplant.transport.packs import PackClasses
from zeroplant.transport.stock import charging_hours
from zeroplant.waist import Affine, Flow, Node, Scope, Store, total_of
from zeroplant.waist.linear import Value

PER_HOUR = "1/h"
VISITORS = frozenset({"account"})
"""What trucks do, nobody commands; the plan only reckons with it."""


@dataclass(frozen=True)
class Rules:
    """What holds for every family of a station alike.

    ``classes`` levels of charge, ``charger`` MW of one charger, ``swap`` hours of a swap,
    ``level`` the share of trucks that are to find a full pack, ``spare`` packs in hand if they
    are given, ``back`` whether packs give energy back. ``early`` is the price of a pack that is
    charged earlier than its time allows, per hour; none: there is no such pack.
    """

    classes: int
    charger: float
    efficiency: float
    swap: float
    level: float
    spare: float | None
    back: bool
    early: float | None = None


@dataclass
class Stock:
    """Packs of one family: stores by class, arcs of charging, trucks that come.

    The lowest class has no store: its packs are those that are in no other. `say` declares its
    words, `recall` finds them again in a network. ``alone``: the station has no other family.

    ``trucks`` are flows by class on arrival, ``turned`` those turned away of them all, ``entered``
    the trucks that come in to swap; ``served`` are the swaps of trucks of this family, ``given``
    those that take its packs; ``up`` and ``down`` the arcs of charging and giving back; ``packs``
    the stores. ``lifted`` charges packs that a road brings below the lowest class up to it.
    """

    plant: Scope
    name: str
    family: PackFamily
    rules: Rules
    alone: bool
    trucks: dict[int, Flow] = field(default_factory=dict)
    entered: dict[int, Affine] = field(default_factory=dict)
    turned: Flow | None = None
    served: list[Flow] = field(default_factory=list)
    given: list[Flow] = field(default_factory=list)
    up: list[Flow] = field(default_factory=list)
    down: list[Flow] = field(default_factory=list)
    packs: list[Store] = field(default_factory=list)
    lifted: Flow | None = None

    # -- what it is -----------------------------------------------------------------------------

    @cached_property
    def classes(self) -> PackClasses:
        """Levels of charge."""
        return self.family.classes(self.rules.classes)

    @property
    def top(self) -> int:
        """The class of full packs."""
        return self.rules.classes - 1

    @property
    def power(self) -> float:
        """MW a pack takes from a charger."""
        return self.family.power(self.rules.charger)

    @property
    def step_energy(self) -> float:
        """MWh in a pack from one class to the next."""
        return self.classes.step * self.family.energy

    @property
    def step_hours(self) -> float:
        """Hours of charging from one class to the next."""
        return float(self.hours_to_charge(self.classes.step))

    def hours_to_charge(self, share: float | Floats) -> Floats:
        """Hours to charge a share of a pack."""
        return charging_hours(self.family.energy, share, self.power, self.rules.efficiency)

    def node_name(self, number: int) -> str:
        """Name of the node by which a road brings trucks whose packs are of a class."""
        return f"arrivals {self.name} {number}"

    @property
    def lacking_name(self) -> str:
        """Name of the node by which a road says what packs below the lowest class lack to it."""
        return f"lacking {self.name}"

    def word(self, what: str, number: int | str = "") -> str:
        """Name of one of its words; with the family's name where there are several."""
        return " ".join(
            str(part) for part in (what, "" if self.alone else self.name, number) if part != ""
        )

    def store_name(self, number: int) -> str:
        """Name of the packs of a class."""
        return self.word("full") if number == self.top else self.word("class", number)

    @cached_property
    def arrivals(self) -> Floats:
        """Trucks per hour by class on arrival, shape (stages, classes): their own or a road's."""
        axis = self.plant.axis
        if self.family.trucks is not None:
            shares = self.classes.shares(self.family.charge_on_arrival.on(axis))
            return self.family.trucks.on(axis)[:, None] * shares
        numbers = range(self.rules.classes)
        return np.stack([self._brought(self.node_name(number)) for number in numbers], axis=1)

    @cached_property
    def lacking(self) -> Floats:
        """What a truck's pack lacks to the lowest class, as a share of a pack, shape (stages,).

        Mean of all trucks; only a road brings packs that are so low, in the cold.
        """
        if self.family.trucks is not None:
            return np.zeros(self.plant.axis.stages)
        total = self.arrivals.sum(axis=1)
        return self._brought(self.lacking_name) / np.where(total > 0, total, 1.0)

    def _brought(self, name: str) -> Floats:
        """What roads give to one of the station's nodes, per hour."""
        node = self.plant.node(f"{self.plant.who}.{name}")
        found = np.zeros(self.plant.axis.stages)
        for flow in self.plant.network.flows:
            if node in flow.give:
                found += self.plant.axis.full(flow.cap.constant * flow.give[node])
        return found

    @cached_property
    def shares(self) -> Floats:
        """How the trucks of a period split among the classes, shape (stages, classes)."""
        total = self.arrivals.sum(axis=1, keepdims=True)
        return self.arrivals / np.where(total > 0, total, 1.0)

    @property
    def charge(self) -> Floats:
        """State of charge with which trucks come, the mean of a period, shape (stages,)."""
        return np.asarray(self.shares @ self.classes.levels - self.lacking)

    # -- how it says itself ---------------------------------------------------------------------

    def say(self, node: Node) -> None:
        """Trucks come, and packs are charged from the node."""
        self._come()
        self._read_trucks()
        self._lift(node)
        efficiency = self.rules.efficiency
        for number in range(self.top):
            step = f"{number} to {number + 1}"
            taken, given = self.step_energy / efficiency, self.step_energy * efficiency
            arc = self.plant.flow(
                self.word("charging", step), take={node: taken}, unit=PER_HOUR, role="load",
                tags={"vehicle"},
            )  # fmt: skip
            self.up.append(arc)
            if self.rules.back:
                arc = self.plant.flow(
                    self.word("giving back", step), give={node: given}, unit=PER_HOUR,
                    role="discharge", tags={"vehicle"},
                )  # fmt: skip
                self.down.append(arc)

    def _come(self) -> None:
        """One flow turns trucks away as they come: as many of each class as come of it.

        They take with them what their packs lack.
        """
        rate = self.arrivals.sum(axis=1)
        low = {}
        if self.lacking.any():
            low = {self.plant.node(f"{self.plant.who}.{self.lacking_name}"): self.lacking}
        self.plant.flow(self.word("turned away"), take=low, cap=rate, unit=PER_HOUR, tags=VISITORS)
        for number in np.flatnonzero(self.arrivals.any(axis=0)).tolist():
            take = {}
            if self.family.trucks is None:
                take = {self.plant.node(f"{self.plant.who}.{self.node_name(number)}"): 1.0}
            come = self.arrivals[:, number]
            self.plant.flow(self.word("trucks", number), take=take, fixed=come, unit=PER_HOUR)

    def _lift(self, node: Node) -> None:
        """Charge packs that come below the lowest class up to it, in the period they come."""
        if not self.lacking.any():
            return
        below = self.plant.node(f"{self.plant.who}.{self.lacking_name}")
        power = self.family.energy / self.rules.efficiency
        self.lifted = self.plant.flow(
            self.word("charging from below"), take={below: 1.0, node: power}, unit=PER_HOUR,
            role="load", tags={"vehicle"},
        )  # fmt: skip

    def _read_trucks(self) -> None:
        """The flows of trucks by class, and those that come in."""
        flows = {flow.name: flow for flow in self.plant.network.flows if flow.who == self.plant.who}
        who = f"{self.plant.who}."
        self.turned = flows[who + self.word("turned away")]
        for number in range(self.rules.classes):
            trucks = flows.get(who + self.word("trucks", number))
            if trucks is not None:
                self.trucks[number] = trucks
                self.entered[number] = trucks - self.turned * _plain(self.shares[:, number])

    def recall(self) -> None:
        """Find its words again in a network in which they were said, all but the swaps."""
        self._read_trucks()
        if self.lacking.any():
            self.lifted = self.plant.flow_named(self.word("charging from below"))
        for number in range(self.top):
            step = f"{number} to {number + 1}"
            self.up.append(self.plant.flow_named(self.word("charging", step)))
            if self.rules.back:
                self.down.append(self.plant.flow_named(self.word("giving back", step)))
            self.packs.append(self.plant.store_named(self.store_name(number + 1)))

    def keep(self) -> None:
        """A store for each class but the lowest."""
        for number in range(1, self.rules.classes):
            fill, drain = split(self.entered.get(number, Affine()))
            fill[self.up[number - 1]] = 1.0
            if number < self.top:
                drain[self.up[number]] = 1.0
            else:
                drain |= dict.fromkeys(self.given, 1.0)
            if self.rules.back:
                drain[self.down[number - 1]] = 1.0
                if number < self.top:
                    fill[self.down[number]] = 1.0
            name = self.store_name(number)
            self.packs.append(self.plant.store(name, fill=fill, drain=drain, unit="packs"))

    # -- what it comes to -----------------------------------------------------------------------

    def above(self, number: int) -> Affine:
        """Packs of a class, from 1, or a higher one."""
        return total_of(self.packs[number - 1 :])

    @property
    def rate(self) -> Affine:
        """Trucks per hour that come, those turned away among them."""
        return total_of(self.trucks.values())

    @property
    def drawn(self) -> Affine:
        """MW taken to charge packs."""
        return self.charged * (1.0 / self.rules.efficiency)

    @property
    def charged(self) -> Affine:
        """MW that go into packs."""
        return total_of(self.up) * self.step_energy + self._below

    @property
    def _below(self) -> Affine:
        """MW that lift packs from below the lowest class."""
        return Affine() if self.lifted is None else self.lifted * self.family.energy

    @property
    def returned(self) -> Affine:
        """MW given back by packs."""
        return total_of(self.down) * (self.step_energy * self.rules.efficiency)

    @property
    def handed_out(self) -> Affine:
        """MW in the packs of this family that trucks carry away."""
        return total_of(self.given) * (self.classes.high * self.family.energy)

    @property
    def taken_in(self) -> Affine:
        """MW in the packs that trucks of this family leave."""
        levels = self.classes.levels * self.family.energy
        full = total_of(trucks * levels[number] for number, trucks in self.entered.items())
        return full - self._below


def split(expression: Affine) -> tuple[dict[Flow, Value], dict[Flow, Value]]:
    """Flows that add and flows that take away, with what each counts."""
    fill: dict[Flow, Value] = {}
    drain: dict[Flow, Value] = {}
    for term in expression.terms:
        assert isinstance(term.variable, Flow)
        away = bool(np.all(np.asarray(term.coefficient) <= 0))
        into, count = (drain, -1.0 * term.coefficient) if away else (fill, term.coefficient)
        into[term.variable] = into.get(term.variable, 0.0) + count
    return fill, drain


def _plain(values: Floats) -> Value:
    """One number, where all are the same."""
    return float(values[0]) if np.all(values == values[0]) else values

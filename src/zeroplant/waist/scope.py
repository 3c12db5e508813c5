"""The network as one asset sees it: its own name before every name, and on every ledger line."""

from __future__ import annotations

from typing import Any

from zeroplant.axis import Axis
from zeroplant.errors import InputError, Problem
from zeroplant.units import SizeRange
from zeroplant.waist.linear import Affine, Linear, Value, affine
from zeroplant.waist.money import annuity
from zeroplant.waist.network import Network
from zeroplant.waist.words import Budget, Flow, Investment, Kind, Line, Node, Size, Store


class Scope:
    """A network seen from the asset ``who``.

    ``rate`` is the yearly interest of annuities, ``carbon_price`` money per tCO2 emitted.
    """

    def __init__(
        self, network: Network, who: str, *, rate: float = 0.06, carbon_price: float = 0.0
    ) -> None:
        self.network = network
        self.who = who
        self.rate = rate
        self.carbon_price = carbon_price

    @property
    def axis(self) -> Axis:
        """The time axis of the network."""
        return self.network.axis

    def node(self, name: str) -> Node:
        """The plant's node of that name; InputError if there is none."""
        for node in self.network.nodes:
            if node.name == name:
                return node
        known = ", ".join(node.name for node in self.network.nodes)
        raise InputError(Problem(f"there is no node '{name}'", instead=f"write one of: {known}"))

    def own_node(self, name: str, *, carrier: str, unit: str) -> Node:
        """A node inside the asset: the water between two dams, the steam of a boiler house."""
        return self.network.node(self._name(name), carrier=carrier, unit=unit)

    def size(self, name: str, **words: Any) -> Size:
        """See `Network.size`."""
        return self.network.size(self._name(name), who=self.who, **words)

    def flow(self, name: str, **words: Any) -> Flow:
        """See `Network.flow`."""
        return self.network.flow(self._name(name), who=self.who, **words)

    def store(self, name: str, **words: Any) -> Store:
        """See `Network.store`."""
        return self.network.store(self._name(name), who=self.who, **words)

    def budget(self, name: str, expression: Linear, **words: Any) -> Budget:
        """See `Network.budget`."""
        return self.network.budget(self._name(name), expression, who=self.who, **words)

    def line(
        self,
        what: str,
        quantity: Linear | Value,
        price: Value,
        *,
        unit: str = "MWh",
        kind: Kind = "running",
        to: str = "",
    ) -> Line:
        """See `Network.line`; the asset is the one who pays or is paid."""
        return self.network.line(self.who, what, quantity, price, unit=unit, kind=kind, to=to)

    def capacity(self, name: str, given: float | SizeRange, unit: str = "MW") -> Affine:
        """A capacity that is given, or a size to be chosen, in whole steps if it has a step."""
        if not isinstance(given, SizeRange):
            capacity = Affine(float(given))
        elif given.step is None:
            capacity = affine(self.size(name, lower=given.min, upper=given.max, unit=unit))
        else:
            step = given.step
            bounds = {"lower": given.min / step, "upper": given.max / step}
            capacity = self.size(name, **bounds, integer=True, unit=f"{step:g} {unit}") * step
        self.network.capacities[self._name(name)] = (capacity, unit)
        return capacity

    def invest(
        self,
        what: str,
        capacity: Affine,
        overnight: float,
        *,
        life: float,
        upkeep: float = 0.0,
        fade: float = 0.0,
        asset_class: str = "default",
        unit: str = "MW",
    ) -> None:
        """Buy a capacity: its annuity over its life, and its fixed operation and maintenance.

        ``overnight`` is money per ``unit``, ``upkeep`` money per ``unit`` and year. Both lines
        count for as many years as the axis is long. ``fade`` and ``asset_class`` are for the
        cash flow; see `Investment`.
        """
        years = self.axis.years
        if overnight:
            price = annuity(self.rate, life) * overnight * years
            line = self.line(f"annuity of {what}", capacity, price, unit=unit, kind="investment")
            purchase = Investment(line, overnight, life, self.rate, fade, asset_class)
            self.network.investments.append(purchase)
        if upkeep:
            self.line(f"upkeep of {what}", capacity, upkeep * years, unit=unit, kind="fixed")

    def emit(self, what: str, tonnes_per_hour: Linear) -> None:
        """Put emissions of CO2 into the carbon account, and at the carbon price into the money."""
        self.line(what, tonnes_per_hour, self.carbon_price, unit="tCO2", kind="emission")

    def flow_named(self, name: str) -> Flow:
        """The asset's own flow of that name. Raises KeyError if there is none."""
        return self.network.flow_named(self._name(name))

    def store_named(self, name: str) -> Store:
        """The asset's own store of that name. Raises KeyError if there is none."""
        return self.network.store_named(self._name(name))

    def size_named(self, name: str) -> Size:
        """The asset's own size of that name. Raises KeyError if there is none."""
        return self.network.size_named(self._name(name))

    def _name(self, name: str) -> str:
        return f"{self.who}.{name}" if name else self.who

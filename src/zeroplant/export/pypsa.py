"""A network as a PyPSA network, solved by somebody else's code.

Nodes and stores become buses; flows generators, loads and processes; sizes extendable
capacities. What PyPSA has no word for (rules over a day or month, sizes that cap several flows,
ramps, whole numbers) is added to its model by the ``extra_functionality`` that comes with it:

    n, extra = to_pypsa(network)
    n.optimize(solver_name="highs", extra_functionality=extra)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from zeroplant.errors import InputError, Problem
from zeroplant.export import components
from zeroplant.export.homes import Home, element_names, owners
from zeroplant.export.rules import Rules
from zeroplant.waist.network import Network
from zeroplant.waist.prices import add_up
from zeroplant.waist.words import Flow, Size, Store

if TYPE_CHECKING:
    import pypsa

IDLE = "(sizes)"


def to_pypsa(network: Network) -> tuple[pypsa.Network, Rules | None]:
    """The same problem for PyPSA, and the rules to hand to ``optimize``; None if it needs none.

    The objective PyPSA finds is that of `zeroplant.solve`, constants included. Needs PyPSA 1.4
    or newer (the extra ``pypsa``). Raises InputError naming what cannot be said in PyPSA.
    """
    if len(network.axis.chains) > 1:
        names = ", ".join(chain.name for chain in network.axis.chains)
        what = f"a PyPSA network has one run of snapshots, the plant has several ({names})"
        raise InputError(Problem(what, instead="export a plant with one of them"))
    return _Export(network).result()


class _Export:
    def __init__(self, network: Network) -> None:
        self.network = network
        self.target = _empty(network)
        self.owners = owners(network)
        elements = network.size_elements
        self.prices = add_up(network.lines, elements)
        self.homes: dict[Size, list[Home]] = {}
        self.places: dict[Flow | Store, Home] = {}
        names = {node.name for node in network.nodes}
        self.store_buses = {
            store: f"{store.name} (store)" if store.name in names else store.name
            for store in network.stores
        }
        self.spoken = self._spoken()

    def result(self) -> tuple[pypsa.Network, Rules | None]:
        for node in self.network.nodes:
            self.target.add("Bus", node.name, carrier=node.carrier, unit=node.unit)
        for store, bus in self.store_buses.items():
            self.target.add("Bus", bus, unit=store.unit, carrier="store")
        self.target.add("Bus", IDLE, carrier="size")
        carriers = {node.carrier for node in self.network.nodes} | {"store", "size"}
        self.target.add("Carrier", sorted(carriers))
        for flow in self.network.flows:
            self._flow(flow)
        for store in self.network.stores:
            self._store(store)
        for size in self.network.sizes:
            if size not in self.homes:
                self._idle(size)
        constant = self.prices.constant
        if constant or not (np.any(self.prices.sizes) or self.prices.hourly):
            # PyPSA refuses a plant in which nothing has a price, so it always has this one.
            self._idle_generator("(constant costs)", 1.0, constant, constant, whole=False)
        rules = Rules(self.network, self.homes, self.places, self.owners)
        return self.target, rules if rules.needed else None

    def _flow(self, flow: Flow) -> None:
        ports = components.ports(self.network, flow, self.store_buses)
        cost = self.prices.hourly.get(flow, 0.0)
        fixed = not (flow.cap.terms or flow.floor.terms) and np.array_equal(
            flow.cap.constant, flow.floor.constant
        )
        simple = len(ports) == 1 and np.ndim(ports[0][1]) == 0 and ports[0][2] == 0
        if simple and fixed and not np.any(cost) and flow not in self.spoken:
            bus, sign, _ = ports[0]
            value = components.series(self.network, flow.cap.constant)
            self.target.add("Load", flow.name, bus=bus, sign=sign, p_set=value)
            return
        words = self._words(flow, "p")
        words["marginal_cost"] = components.series(self.network, cost)
        if simple:
            words |= {"bus": ports[0][0], "sign": ports[0][1]}
            self._add("Generator", flow, flow.name, words)
            return
        # A process has two ports at least; idle ones carry nothing.
        for place, (bus, value, delay) in enumerate([*ports, (IDLE, 0.0, 0), (IDLE, 0.0, 0)]):
            if place >= max(2, len(ports)):
                break
            words[f"bus{place}"] = bus
            words[f"rate{place}"] = components.series(self.network, value)
            words[f"delay{place}"] = delay
        self._add("Process", flow, flow.name, words)

    def _store(self, store: Store) -> None:
        net, bus = self.network, self.store_buses[store]
        words = self._words(store, "e")
        words |= {"bus": bus, "carrier": "store"}
        words["marginal_cost_storage"] = components.series(net, self.prices.hourly.get(store, 0.0))
        words["standing_loss"] = components.series(net, components.keep_share(net, store))
        if isinstance(store.start, str):
            words["e_cyclic"] = True
        else:
            kept = components.first_keep(net, store)
            words["e_initial"] = kept * float(store.start.constant)
            if store.start.terms:
                self._starting_level(store, kept)
        self._add("Store", store, store.name, words)
        if np.any(store.inflow):
            inflow = components.series(net, store.inflow)
            self.target.add("Load", f"inflow of {store.name}", bus=bus, sign=1.0, p_set=inflow)

    def _starting_level(self, store: Store, kept: float) -> None:
        """A starting level that is a size: a generator that delivers it in the first period."""
        first = np.zeros(self.network.axis.stages)
        first[0] = kept / self.network.axis.hours
        name = Rules.start_of(store)
        words: dict[str, Any] = {"p_nom_extendable": True, "p_max_pu": first, "p_min_pu": first}
        self.target.add("Generator", name, bus=self.store_buses[store], **words)

    def _idle(self, size: Size) -> None:
        """A size no component has as its capacity."""
        names, costs = element_names(size), self.prices.sizes[size.elements]
        for name, cost in zip(names, costs, strict=True):
            self._idle_generator(name, float(cost), size.lower, size.upper, whole=size.integer)
        self.homes[size] = [Home("Generator", f"size {name}") for name in names]

    def _idle_generator(
        self, name: str, cost: float, lower: float, upper: float, *, whole: bool
    ) -> None:
        self.target.add(
            "Generator", f"size {name}", bus=IDLE, p_max_pu=0.0, p_nom_extendable=True,
            p_nom_min=lower, p_nom_max=upper, p_nom_mod=float(whole), capital_cost=cost,
        )  # fmt: skip

    def _words(self, word: Flow | Store, prefix: str) -> dict[str, Any]:
        size = self.owners.get(word)
        found = components.bounds(word, size)
        words = {f"{prefix}_{name}": value for name, value in found.items()}
        for side in ("max_pu", "min_pu"):
            words[f"{prefix}_{side}"] = components.series(self.network, found[side])
        if size is not None:
            words["capital_cost"] = float(self.prices.sizes[size.first])
        return words

    def _add(self, component: Any, word: Flow | Store, name: str, words: dict[str, Any]) -> None:
        home = Home(component, name)
        self.target.add(component, name, **words)
        self.places[word] = home
        if word in self.owners:
            self.homes[self.owners[word]] = [home]

    def _spoken(self) -> set[object]:
        """Flows and stores that some rule or bound speaks of, or that must be whole."""
        net, found = self.network, set[object]()
        for budget in net.budgets:
            found |= budget.expression.variables
        words: list[Flow | Store] = [*net.flows, *net.stores]
        for word in words:
            found |= word.cap.variables | word.floor.variables
        return found | {flow for flow in net.flows if flow.integer}


def _empty(network: Network) -> pypsa.Network:
    try:
        import pypsa
    except ImportError as error:
        instead = 'install it with: pip install "zeroplant[pypsa]"'
        raise InputError(Problem("PyPSA is not installed", instead=instead)) from error
    axis = network.axis
    target = pypsa.Network(snapshots=axis.times)
    target.snapshot_weightings["objective"] = axis.weight
    target.snapshot_weightings["stores"] = axis.hours
    # PyPSA counts delays in this weighting; with one a period, delays are numbers of periods.
    target.snapshot_weightings["generators"] = 1.0
    return target

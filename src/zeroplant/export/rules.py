"""What PyPSA has no word for, added to its model as linear rules."""

from __future__ import annotations

from typing import Any

import numpy as np

from zeroplant.export.components import is_held
from zeroplant.export.homes import Home
from zeroplant.waist.compiler import pairing
from zeroplant.waist.linear import Affine, Term, Value
from zeroplant.waist.network import Network
from zeroplant.waist.words import Budget, Flow, Size, Store

_DISPATCH = {"Generator": "Generator-p", "Process": "Process-p", "Store": "Store-e"}
_NOMINAL = {"Generator": "Generator-p_nom", "Process": "Process-p_nom", "Store": "Store-e_nom"}


class Rules:
    """An ``extra_functionality`` for PyPSA's ``optimize``: the rules of one network.

    ``homes`` says which capacity stands for which size, ``places`` which component for which
    flow or store, ``owners`` which bounds PyPSA holds by itself.
    """

    def __init__(
        self,
        network: Network,
        homes: dict[Size, list[Home]],
        places: dict[Flow | Store, Home],
        owners: dict[Flow | Store, Size],
    ) -> None:
        self.network, self.homes, self.places = network, homes, places
        words: list[Flow | Store] = [*network.flows, *network.stores]
        self.bounds: list[tuple[str, Affine, bool]] = []
        for word in words:
            floor_held, cap_held = is_held(word, owners.get(word))
            if not floor_held:
                self.bounds.append((f"floor of {word.name}", word - word.floor, True))
            if not cap_held:
                self.bounds.append((f"cap of {word.name}", word - word.cap, False))
        self.whole = [flow for flow in network.flows if flow.integer]
        self.starts = [s for s in network.stores if not isinstance(s.start, str) and s.start.terms]

    @staticmethod
    def start_of(store: Store) -> str:
        """Name of the generator that delivers a starting level that is a size."""
        return f"start of {store.name}"

    @property
    def needed(self) -> bool:
        """Whether there is any rule at all."""
        return bool(self.bounds or self.whole or self.starts or self.network.budgets)

    def __call__(self, network: Any, snapshots: Any) -> None:
        """Add the rules to the PyPSA network's model; PyPSA calls this before it solves."""
        model = network.model
        for name, expression, below in self.bounds:
            self._over_time(model, name, expression, 0.0 if below else None, None if below else 0.0)
        for budget in self.network.budgets:
            if budget.integrates:
                self._over_groups(model, budget)
            else:
                least, most = budget.at_least, budget.at_most
                self._over_time(model, budget.name, budget.expression, least, most)
        for flow in self.whole:
            variable = self._dispatch(model, flow)
            whole = model.add_variables(
                lower=-np.inf, coords=variable.coords, name=f"whole {flow.name}", integer=True
            )
            model.add_constraints(variable - whole == 0, name=f"whole {flow.name}")
        for store in self.starts:
            self._starting_level(model, store)

    def _over_time(
        self, model: Any, name: str, rule: Affine, least: Value | None, most: Value | None
    ) -> None:
        """A rule in every snapshot; where it looks back before the first one it is free."""
        left = sum(self._stage_term(model, term) for term in rule.terms)
        behind = max((term.shift for term in rule.terms), default=0)
        constant = self.network.axis.full(rule.constant)
        for sign, bound in ((">=", least), ("<=", most)):
            if bound is None:
                continue
            limit = self.network.axis.full(bound) - constant
            applies = np.isfinite(limit) & (np.arange(len(limit)) >= behind)
            if applies.any():
                right = self._array(np.where(applies, limit, 0.0))
                mask = self._array(applies)
                model.add_constraints(left, sign, right, name=f"{name} {sign}", mask=mask)

    def _over_groups(self, model: Any, budget: Budget) -> None:
        """A rule over the horizon or over each part of it."""
        axis, rule = self.network.axis, budget.expression
        for group in range(budget.count):
            inside = np.flatnonzero(budget.groups == group)
            left: Any = 0
            for term in rule.terms:
                if isinstance(term.variable, Size):
                    rows, elements = pairing(term.variable, budget)
                    values = np.broadcast_to(np.asarray(term.coefficient, float), rows.shape)
                    for place in np.flatnonzero(rows == group):
                        home = self.homes[term.variable][elements[place]]
                        left = left + float(values[place]) * self._nominal(model, home)
                else:
                    weight = self._array(axis.weight * axis.full(term.coefficient))
                    product = weight * self._dispatch(model, term.variable)
                    left = left + product.isel(snapshot=inside).sum()
            constant = np.broadcast_to(np.asarray(rule.constant), (budget.count,))[group]
            name = f"{budget.name}[{group}]"
            for sign, bounds in ((">=", budget.at_least), ("<=", budget.at_most)):
                limit = float(bounds[group] - constant)
                if np.isfinite(limit):
                    model.add_constraints(left, sign, limit, name=f"{name} {sign}")

    def _starting_level(self, model: Any, store: Store) -> None:
        start = store.start
        assert isinstance(start, Affine)
        left = self._nominal(model, Home("Generator", self.start_of(store)))
        for term in start.terms:
            assert isinstance(term.variable, Size)
            size = self._nominal(model, self.homes[term.variable][0])
            left = left - float(np.asarray(term.coefficient)) * size
        model.add_constraints(left == 0, name=self.start_of(store))

    # -- PyPSA's variables ----------------------------------------------------------------------

    def _stage_term(self, model: Any, term: Term) -> Any:
        """A term of a rule over time, one value per snapshot."""
        values = self._array(self.network.axis.full(term.coefficient))
        if not isinstance(term.variable, Size):
            return values * self._dispatch(model, term.variable).roll(snapshot=term.shift)
        homes = self.homes[term.variable]
        if term.variable.groups is None:
            return values * self._nominal(model, homes[0])
        names = np.array([home.name for home in homes])[term.variable.groups]
        every = model[_NOMINAL["Generator"]].sel(name=self._array(names))
        return values * every.to_linexpr().drop_vars("name")

    def _dispatch(self, model: Any, word: object) -> Any:
        assert isinstance(word, (Flow, Store))
        place = self.places[word]
        return model[_DISPATCH[place.component]].sel(name=place.name, drop=True)

    def _nominal(self, model: Any, home: Home) -> Any:
        return model[_NOMINAL[home.component]].sel(name=home.name, drop=True)

    def _array(self, values: Any) -> Any:
        import xarray

        times = self.network.axis.times.astype("M8[ns]")
        return xarray.DataArray(np.asarray(values), coords={"snapshot": times}, dims="snapshot")

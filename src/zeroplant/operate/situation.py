"""The plant in the coming steps as it is known now: levels measured, the outside forecast.

What is made is a network like any other; nothing here knows what kinds of assets there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from zeroplant.axis import Axis, Chain, Floats
from zeroplant.errors import InputError, Problem
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.futures import Drawn
from zeroplant.operate.outside import following, has_inflow, is_load, kinds, price_key
from zeroplant.operate.standing import Standing
from zeroplant.operate.swings import Swing, hold
from zeroplant.operate.usual import move_usual, usual_of
from zeroplant.waist import Flow, Network, affine
from zeroplant.waist.window import Given, window

COMMON = ("charge", "discharge", "load", "conversion", "transfer")
"""Roles of flows that are set before it is known which future comes."""


@dataclass(frozen=True)
class Situation:
    """What is known at a moment. ``first`` and ``steps`` place the window in the standing plant.

    ``futures`` is None for a plan on what is expected, else several futures are planned for.
    ``past`` holds flows of the steps before, the latest last; ``swings`` how far stores that swing
    about their rest can; ``common`` says that what is set in the first step is the same in all
    futures.
    """

    first: int
    steps: int
    levels: Mapping[str, float]
    forecasts: Mapping[str, Forecast]
    past: Mapping[str, Floats]
    futures: Drawn | None = None
    swings: Mapping[str, Swing] = field(default_factory=dict)
    common: bool = True


def steps_from(standing: Standing, now: datetime, horizon: int) -> tuple[int, int]:
    """First stage and number of steps of a plan made at ``now``.

    Raises InputError where the standing plant does not reach so far.
    """
    axis = standing.network.axis
    first = (now - axis.start) // axis.step
    steps = min(horizon, axis.periods - first)
    if first < 0 or steps < 1:
        end = axis.start + axis.periods * axis.step
        what = f"the plant stands from {axis.start} to {end}, and {now} is not within"
        raise InputError(Problem(what, instead="call stand() for these days"))
    return int(first), int(steps)


def situated(standing: Standing, situation: Situation) -> Network:
    """The window's network, one chain for each future."""
    count = 1 if situation.futures is None else situation.futures.count
    chains = tuple(Chain(f"future {k + 1}", 1.0 / count) for k in range(count))
    last = situation.first + situation.steps - 1
    worth = {name: float(values[last]) for name, values in standing.worth.items()}
    stores = {store.name for store in standing.network.stores}
    levels = {name: level for name, level in situation.levels.items() if name in stores}
    given = Given(levels={**standing.levels, **levels}, worth=worth, past=situation.past)
    network = window(standing.network, situation.first, situation.steps, given, chains=chains)
    before = {flow: np.asarray(flow.cap.constant) for flow in network.flows if is_load(flow)}
    usual = usual_of(network)
    _put_forecasts(network, situation)
    _settle_followers(network)
    move_usual(network, usual)
    hold(network, situation.swings, levels)
    _move_stand_ins(network, before)
    if count > 1 and situation.common:
        _decide_first(network)
    return network


def _put_forecasts(network: Network, situation: Situation) -> None:
    """Caps, loads, inflows and prices as they are forecast."""
    flows = {flow.name: flow for flow in network.flows}
    stores = {store.name: store for store in network.stores}
    lines = {price_key(line): line for line in network.lines}
    for key, kind in kinds(network).items():
        values = _forecast(network.axis, situation, key)
        if values is None:
            continue
        if kind == "load":
            flows[key].cap = flows[key].floor = affine(np.maximum(values, 0.0))
        elif kind == "possible":
            cap = np.maximum(values, 0.0)
            flow = flows[key]
            flow.cap = affine(cap)
            flow.floor = affine(np.minimum(network.axis.full(flow.floor.constant), cap))
        elif kind == "inflow":
            stores[key].inflow = values
        else:
            lines[key].price = values


def _forecast(axis: Axis, situation: Situation, key: str) -> Floats | None:
    """A series as forecast for the window, future after future; None where nothing is said."""
    forecast = situation.forecasts.get(key)
    if forecast is None:
        return None
    moved = aligned(forecast, axis.start, axis.step, axis.periods)
    if moved is None:
        return None
    if situation.futures is None:
        return moved.mean()
    return situation.futures.of(moved, situation.first, situation.steps).ravel()


def aligned(forecast: Forecast, start: datetime, step: timedelta, steps: int) -> Forecast | None:
    """A forecast from another moment on, its last value kept beyond its end; None if it is over.

    Steps are those of the forecast; None too if it has steps of another length.
    """
    gone = (start - forecast.start) // step
    count = forecast.values.shape[1]
    if forecast.step != step or gone >= count:
        return None
    place = np.clip(np.arange(steps) + gone, 0, count - 1)
    return replace(forecast, start=start, values=forecast.values[:, place])


def _settle_followers(network: Network) -> None:
    """Loads that others settle follow them, so that their node closes."""
    for flow, node in following(network):
        arriving = np.zeros(network.axis.stages)
        for giver in network.flows:
            if node in giver.give:
                arriving = arriving + network.axis.full(giver.give[node]) * giver.cap.constant
        flow.cap = flow.floor = affine(arriving / flow.take[node])


def _move_stand_ins(network: Network, before: Mapping[Flow, Floats]) -> None:
    """What may stay unserved grows and shrinks with the loads of the same asset."""
    for flow in network.flows:
        if flow.role != "unserved" or flow.cap.terms:
            continue
        loads = [
            load for load in before if load.who == flow.who and set(load.take) & set(flow.give)
        ]
        was = sum((before[load] for load in loads), np.zeros(network.axis.stages))
        now = sum((load.cap.constant for load in loads), np.zeros(network.axis.stages))
        share = np.divide(now, was, out=np.ones(network.axis.stages), where=was > 0)
        flow.cap = affine(flow.cap.constant * share)


def _decide_first(network: Network) -> None:
    """In the first step all futures share what is set now: nobody knows yet which one comes.

    What holds a store of its own against the weather (a room) follows it within the step.
    """
    axis = network.axis
    at_first = np.arange(axis.stages) % axis.periods == 0
    first = at_first.astype(float)
    local = {f for s in network.stores if has_inflow(s) for f in (*s.fill, *s.drain)}
    for flow in [flow for flow in network.flows if is_set_now(flow) and flow not in local]:
        now = network.size(f"{flow.name} now", unit=flow.unit, who=flow.who)
        if flow.cap.terms or flow.floor.terms:  # on or off
            network.budget(f"{flow.name} now", flow * first - now * first, at_least=0.0,
                           at_most=0.0, over="period", unit=flow.unit)  # fmt: skip
            continue
        cap, floor = axis.full(flow.cap.constant), axis.full(flow.floor.constant)
        now.lower, now.upper = float(floor[at_first].max()), float(cap[at_first].min())
        flow.cap = affine(np.where(at_first, 0.0, cap)) + now * first
        flow.floor = affine(np.where(at_first, 0.0, floor)) + now * first


def is_set_now(flow: Flow) -> bool:
    """Whether a flow is a target to be set, and not one that closes a balance."""
    if flow.role not in COMMON or flow.unit != "MW" or is_load(flow):
        return False
    return bool(flow.cap.terms) or bool(np.all(np.isfinite(flow.cap.constant)))

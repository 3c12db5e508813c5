"""Plant → Network: every asset says itself, then rules and carbon are laid on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache

from zeroplant.assets import Asset
from zeroplant.errors import InputError, Problem
from zeroplant.plant.places import site_of
from zeroplant.plant.risk import lay_risk
from zeroplant.plant.schema import Plant
from zeroplant.rules import Laid, Pack, account_of, apply
from zeroplant.waist import Affine, Budget, Network, Scope, total_of
from zeroplant.weather.site import Site


@dataclass(frozen=True)
class Built:
    """A plant at the waist: its network, the energy account, and the rules laid on it."""

    network: Network
    account: dict[str, Affine]
    packs: list[Pack]
    laid: list[Laid]
    carbon_cap: Budget | None


Place = Callable[[Plant, str], Site]
"""From a plant and the name of one of its sites to the site with its weather."""


def build(plant: Plant, place: Place = site_of) -> Built:
    """Say a plant at the waist; ``place`` gives its sites their weather.

    Raises InputError with the problems of every asset and rule that cannot be said; ``where`` is
    its place in the plant, such as ``assets.wind`` or ``rules[0]``.
    """
    if not plant.is_whole:
        instead = "read the plant from its file, or put it together by zeroplant.plant.merged"
        raise InputError(Problem("the plant lacks the series of its scenarios", instead=instead))
    network = Network(plant.axis)
    for name, node in plant.nodes.items():
        network.node(name, carrier=node.carrier, unit=node.unit)
    _describe(plant, network, place)
    account = account_of(network)
    packs, laid = _lay_rules(plant, network, account)
    cap = _carbon_cap(plant, network)
    if plant.risk is not None:  # last: it counts every line of the ledger
        lay_risk(network, plant.risk, plant.currency)
    return Built(network, account, packs, laid, cap)


def emissions_of(network: Network) -> Affine:
    """All emissions of the plant, as an expression whose integral is tCO2."""
    return total_of(line.quantity for line in network.lines if line.kind == "emission")


def _describe(plant: Plant, network: Network, place: Place) -> None:
    """Let every asset say itself; all of them declare their nodes before the first is told of."""
    known = cache(lambda name: place(plant, name))

    def site(asset: Asset) -> Site | None:
        return known(plant.site_name(asset)) if asset.needs_weather else None

    rate, carbon = plant.rate, plant.carbon.price
    scopes = {name: Scope(network, name, rate=rate, carbon_price=carbon) for name in plant.assets}
    assets = dict(sorted(plant.assets.items(), key=lambda each: not each[1].leads))
    _for_each(assets, lambda name: assets[name].prepare(scopes[name]))
    _for_each(assets, lambda name: assets[name].describe(scopes[name], site(assets[name])))
    _for_each(assets, lambda name: assets[name].conclude(scopes[name]))


def _for_each(names: Iterable[str], action: Callable[[str], None]) -> None:
    """Do something for every asset, and name the assets for which it cannot be done."""
    problems: list[Problem] = []
    for name in names:
        try:
            action(name)
        except InputError as error:
            problems += [_located(problem, f"assets.{name}") for problem in error.problems]
    if problems:
        raise InputError(problems)


def _lay_rules(
    plant: Plant, network: Network, account: dict[str, Affine]
) -> tuple[list[Pack], list[Laid]]:
    """The packs as the plant meets them, and every rule of them that binds."""
    packs, laid = [], []
    problems: list[Problem] = []
    for number, choice in enumerate(plant.rules):
        try:
            packs.append(choice.resolve(plant.axis.year))
            laid += apply(packs[-1:], network, account)
        except InputError as error:
            problems += [_located(problem, f"rules[{number}]") for problem in error.problems]
    if problems:
        raise InputError(problems)
    return packs, laid


def _located(problem: Problem, where: str) -> Problem:
    """A problem at ``where``; the place it named before becomes part of what it says."""
    what = f"{problem.where}: {problem.what}" if problem.where else problem.what
    return replace(problem, what=what, where=where)


def _carbon_cap(plant: Plant, network: Network) -> Budget | None:
    if plant.carbon.cap is None:
        return None
    return network.budget(
        "carbon cap",
        emissions_of(network),
        at_most=plant.carbon.cap * plant.axis.years,
        breach=plant.carbon.breach,
        unit="tCO2",
    )

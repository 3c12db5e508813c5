"""Reading what a plant sets of a rule, and finding every fault of it with its place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.rules.account import QUANTITIES
from zeroplant.rules.pack import Pack
from zeroplant.units import Quantity

Faults = list[tuple[tuple[str | int, ...], Problem]]
"""Problems, each with its place within the rule's entry."""


def read_figures(pack: Pack, said: dict[str, Any], context: dict[str, Any]) -> Faults:
    """Turn figures for a pack's parameters into numbers in their units, in place."""
    faults: Faults = []
    for name, value in said.items():
        if name not in pack.parameters:
            what = f"'{name}' is no parameter of {pack.name}"
            instead = suggestion(name, pack.parameters) or "it has none"
            faults.append(((name,), Problem(what, instead=instead)))
            continue
        parameter = pack.parameters[name]
        low, high = parameter.range or (None, None)
        quantity = Quantity(parameter.unit.replace("CNY", "money"), ge=low, le=high)
        said[name], problems = _read(value, quantity, context)
        faults += [((name,), problem) for problem in problems]
    return faults


def read_quantities(said: dict[str, Any], context: dict[str, Any]) -> Faults:
    """Turn yearly quantities into numbers in the account's units, in place."""
    faults: Faults = []
    for name, value in said.items():
        known = QUANTITIES.get(name)
        if known is None or not known.may_be_given:
            free = [n for n, q in QUANTITIES.items() if q.may_be_given]
            what = f"'{name}' is no quantity a plant can give"
            faults.append((("given", name), Problem(what, instead=suggestion(name, free))))
            continue
        said[name], problems = _read(value, Quantity(known.unit, ge=0.0), context)
        faults += [(("given", name), problem) for problem in problems]
    return faults


def misfits(pack: Pack, on: list[str], off: list[str], project_class: str | None) -> Faults:
    """Indicators and classes the pack does not have."""
    names = [spec.name for spec in pack.indicators]
    faults: Faults = [
        ((key, place), _unknown(pack, "indicator", name, names))
        for key, listed in (("on", on), ("off", off))
        for place, name in enumerate(listed)
        if name not in names
    ]
    if project_class is None and pack.classes:
        what = f"{pack.name} goes by class of project"
        instead = f"write class: {' or '.join(pack.classes)}"
        faults.append(((), Problem(what, instead=instead)))
    elif project_class is not None and project_class not in pack.classes:
        faults.append((("class",), _unknown(pack, "class", project_class, pack.classes)))
    return faults


def _unknown(pack: Pack, what: str, name: str, known: Iterable[str]) -> Problem:
    instead = suggestion(name, known) or "it has none"
    return Problem(f"'{name}' is no {what} of {pack.name}", instead=instead)


def _read(value: object, quantity: Quantity, context: dict[str, Any]) -> tuple[Any, list[Problem]]:
    """One quantity as a plant file or Python says it, or what is wrong with it."""
    strict = "file" in context and quantity.unit != "1"
    try:
        return quantity.read(value, currency=context.get("currency", "CNY"), strict=strict), []
    except InputError as error:
        return value, error.problems

"""The grid of a sweep as it is written: ``assets.wind.power=100 MW,200 MW`` or ``0..40 MW:5``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from zeroplant.errors import InputError, Problem

MOST_POINTS = 10_000
MOST_VALUES = 1_000
_NUMBER = r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\s*(.*?)\s*\.\.\s*({_NUMBER})\s*(.*?)\s*:\s*(\d+)")
_QUANTITY = re.compile(rf"({_NUMBER})\s*(.*)", re.DOTALL)
_OPENS, _CLOSES = "([{", ")]}"


@dataclass(frozen=True)
class Parameter:
    """An entry of the plant file and the values it takes, written as in the file."""

    key: str
    values: tuple[str, ...]

    @property
    def numbers(self) -> list[float] | None:
        """The values as numbers, where all of them are quantities of one unit."""
        found = [_QUANTITY.fullmatch(value) for value in self.values]
        if any(each is None for each in found) or len({e[2] for e in found if e}) > 1:
            return None
        return [float(each[1]) for each in found if each]

    @property
    def unit(self) -> str:
        """Unit of the numbers; empty where they have none."""
        found = _QUANTITY.fullmatch(self.values[0])
        return found[2] if found and self.numbers is not None else ""


def parameters_of(given: Sequence[str]) -> list[Parameter]:
    """The grid of ``KEY=VALUE,VALUE,…`` and ``KEY=LOW..HIGH UNIT:COUNT``.

    Commas inside braces, brackets and quotes do not separate values. Raises InputError naming
    everything that cannot be read.
    """
    problems: list[Problem] = []
    found: dict[str, Parameter] = {}
    for text in given:
        try:
            parameter = _parameter(text, found)
            found[parameter.key] = parameter
        except InputError as error:
            problems += error.problems
    points = prod(len(each.values) for each in found.values())
    if points > MOST_POINTS:
        what = f"{points:,} combinations are more than {MOST_POINTS:,}"
        problems.append(Problem(what, where="--set", instead="give fewer values"))
    if problems:
        raise InputError(problems)
    return list(found.values())


def combinations(parameters: Sequence[Parameter]) -> list[dict[str, str]]:
    """Every combination; the last parameter changes fastest."""
    keys = [each.key for each in parameters]
    grid = product(*(each.values for each in parameters))
    return [dict(zip(keys, values, strict=True)) for values in grid]


def _parameter(text: str, known: Collection[str]) -> Parameter:
    """One entry with its values."""
    key, _, rest = (part.strip() for part in text.partition("="))
    if not key or not rest:
        instead = "write such as assets.wind.power='100 MW, 200 MW'"
        raise InputError(Problem("no KEY=VALUES", where=f"--set {text}", instead=instead))
    if key in known:
        what, instead = "the same entry is swept twice", "give all its values at once"
        raise InputError(Problem(what, where=f"--set {key}", instead=instead))
    return Parameter(key, tuple(_values(key, rest)))


def _values(key: str, text: str) -> Iterator[str]:
    seen: set[str] = set()
    for part in _parts(key, text):
        for value in _spread(key, part):
            if value in seen:
                what = f"'{value}' stands there twice"
                raise InputError(Problem(what, where=f"--set {key}", instead="keep one of them"))
            seen.add(value)
            yield value


def _parts(key: str, text: str) -> list[str]:
    """Cut at the commas that are in no braces, brackets or quotes."""
    parts, depth, quote = [""], 0, ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in _OPENS or letter in _CLOSES:
            depth += 1 if letter in _OPENS else -1
        if letter == "," and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += letter
    wrong = "a quote is not closed" if quote else "brackets do not match" if depth else ""
    if not wrong and not all(part.strip() for part in parts):
        wrong = "a value is missing beside a comma"
    if wrong:
        instead = "separate values by commas: 100 MW, 200 MW"
        raise InputError(Problem(wrong, where=f"--set {key}", instead=instead))
    return [part.strip() for part in parts]


def _spread(key: str, part: str) -> list[str]:
    """One value, or those of a range."""
    if ".." not in part or part[0] in "\"'{[":
        return [part]
    found = _RANGE.fullmatch(part)
    where, example = f"--set {key}", "LOW..HIGH UNIT:COUNT, such as 0..40 CNY/kW/month:5"
    if found is None:
        what = f"'{part}' is no range of values"
        raise InputError(Problem(what, where=where, instead=f"write {example}"))
    low, unit_low, high, unit, count = found.groups()
    if unit_low and unit_low != unit:
        what = f"'{part}' has two units"
        raise InputError(Problem(what, where=where, instead=f"write {example}"))
    if not 2 <= int(count) <= MOST_VALUES:
        what = f"a range of {count} values"
        instead = f"write a count from 2 to {MOST_VALUES:,} after ':'"
        raise InputError(Problem(what, where=where, instead=instead))
    steps = np.linspace(float(low), float(high), int(count)).tolist()
    return [f"{value:.12g} {unit}".rstrip() for value in steps]

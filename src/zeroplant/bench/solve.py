"""The staged solver beside general ones: same programme, same machine, one run."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from zeroplant.errors import InputError, Problem

LIMIT = 600.0
"""Seconds that each other solver gets for one case, unless said otherwise."""

AT_LEAST = frozenset({"ratio", "per_second"})
"""Limits that are least values; all others are most values."""

# Each case lives in a module of its kind, as a function of the limit.
CASES = {
    "county-base-8760": ("one_year", "county_base"),
    "park-8760": ("one_year", "park"),
    "nodes10-8760": ("one_year", "ten_nodes"),
    "county-base-40-years": ("many_years", "forty_years"),
    "county-base-100-prices": ("many_prices", "hundred_prices"),
    "plan-end-to-end": ("end_to_end", "plan_end_to_end"),
    "kernels": ("kernels", "kernels"),
}


def run(
    names: list[str] | None = None,
    limit: float = LIMIT,
    watch: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Run the cases (all, or those named), each with what is promised of it and whether it holds.

    ``limit`` bounds every other solver on every case, in seconds; where none ended, a ratio is a
    lower bound and says so. Raises InputError for a case there is not.
    """
    for name in names or []:
        if name not in CASES:
            instead = f"write one of {', '.join(CASES)}"
            raise InputError(Problem(f"there is no case '{name}'", instead=instead))
    found = []
    for name in names or CASES:
        if watch is not None:
            watch(name)
        module, function = CASES[name]
        case = getattr(import_module(f"zeroplant.bench.{module}"), function)
        found.append(judged({"name": name, **case(limit)}))
    return {"cases": found}


def judged(case: dict[str, Any]) -> dict[str, Any]:
    """A case with ``holds``: whether each of its ``limits`` is kept; what is unknown is not."""
    holds = {}
    for name, limit in case["limits"].items():
        value = case[name]
        kept = value is not None and (value >= limit if name in AT_LEAST else value <= limit)
        holds[name] = bool(kept)
    return {**case, "holds": holds}

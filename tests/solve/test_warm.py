"""What is compiled is compiled by `warm`, so that no plan waits for it."""

from __future__ import annotations

import pkgutil
from contextlib import suppress
from importlib import import_module

from numba.core.dispatcher import Dispatcher

from tests.solve.staged.plants import plant
from zeroplant.bench.examples import example_network
from zeroplant.solve import staged
from zeroplant.solve.staged import Declined, solve_staged
from zeroplant.solve.warm import warm
from zeroplant.waist import Network
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network


def compiled() -> dict[str, int]:
    """How many versions of each kernel are in memory."""
    found = {}
    for module in pkgutil.iter_modules(staged.__path__, f"{staged.__name__}."):
        for name, thing in vars(import_module(module.name)).items():
            if isinstance(thing, Dispatcher):
                found[f"{module.name}.{name}"] = len(thing.signatures)
    return found


def solved(network: Network) -> None:
    """Solve or decline."""
    program = compile_network(network)
    with suppress(Declined):
        solve_staged(program, assemble(program))


def test_nothing_is_left_to_compile() -> None:
    """After `warm` no plant makes numba compile or load another version of a kernel.

    Plants of all kinds are tried: one and several chains, sparse and narrow, in any unit, with an
    answer or without. A wrong answer would be: a user's first plan that takes half a minute.
    """
    assert warm() >= 0.0
    before = compiled()
    assert sum(before.values()) > 0
    short = {"time.years": "null", "time.periods": "60"}
    solved(example_network("county-base", short))
    solved(example_network("zero-carbon-park", short))
    for seed in range(25):
        solved(plant(seed))
    assert compiled() == before

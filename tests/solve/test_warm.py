"""What is compiled is compiled by `warm`, so that no plan waits for it."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from contextlib import suppress
from importlib import import_module

import pytest
from numba.core.dispatcher import Dispatcher

from tests.shared import ROOT
from tests.solve.staged.plants import plant
from zeroplant.bench.examples import example_network
from zeroplant.solve import staged
from zeroplant.solve import warm as warming
from zeroplant.solve.staged import Declined, solve_staged
from zeroplant.solve.warm import compile_all, warm
from zeroplant.waist import Network
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network

# A half in a fresh process: of each kernel it used, versions that were kept, and that were not.
ASK = """
import json, sys
from tests.solve.test_warm import kernels
from zeroplant.solve import warm
found = kernels()
getattr(warm, sys.argv[1])()
used = {name: (each.stats.cache_hits, each.stats.cache_misses) for name, each in found.items()}
print(json.dumps({name: [len(part) for part in each] for name, each in used.items() if any(each)}))
"""
# What a plant needs that neither half of the work leads to, or only within other kernels.
NEITHER = {"restore._unsweep", "elimination.to_slots"}


def kernels() -> dict[str, Dispatcher]:
    """All kernels, each by the module where it stands."""
    found = {}
    for module in pkgutil.iter_modules(staged.__path__, f"{staged.__name__}."):
        for name, thing in vars(import_module(module.name)).items():
            if isinstance(thing, Dispatcher) and thing.py_func.__module__ == module.name:
                found[f"{module.name.rpartition('.')[2]}.{name}"] = thing
    return found


def compiled() -> dict[str, int]:
    """How many versions of each kernel are in memory."""
    return {name: len(each.signatures) for name, each in kernels().items()}


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


def used_by(half: str) -> dict[str, list[int]]:
    """What `ASK` says of a half."""
    found = subprocess.run(
        [sys.executable, "-c", ASK, half], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return dict(json.loads(found.stdout))


def test_two_processes_share_the_work() -> None:
    """*Proves:* each half is done without the other, no kernel is in both, nearly all are in one,
    in the very versions that plants use (so all are kept already). *A wrong answer would be:*
    versions that nobody asks for, and a first plan that compiles after all.
    """
    warm()
    first, second = used_by("first_half"), used_by("second_half")
    assert min(len(first), len(second)) > 10
    assert not {*first} & {*second}
    assert {name for name, count in compiled().items() if count} - {*first, *second} <= NEITHER
    assert not sum(missed for _, missed in (*first.values(), *second.values()))


@pytest.mark.parametrize("processors", [1, 2])
def test_one_process_does_it_all(monkeypatch: pytest.MonkeyPatch, processors: int) -> None:
    """*Proves:* with one processor no other process is begun, and with two nothing is left
    undone, nor said, if the other one fails.
    """
    warm()
    before, begun = compiled(), []
    popen = subprocess.Popen

    def begin(command: list[str], **options: int) -> subprocess.Popen[bytes]:
        begun.append(command)
        return popen([sys.executable, "-c", "raise SystemExit('no')"], **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(warming, "processors", lambda: processors)
    monkeypatch.setattr(warming.subprocess, "Popen", begin)
    assert compile_all() >= 0.0
    assert len(begun) == processors - 1
    assert compiled() == before

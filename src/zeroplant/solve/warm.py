"""Compile what the solvers compile: once on a machine, so that no plan waits for it.

    python -m zeroplant.solve.warm

numba keeps the machine code beside the package; `make setup` runs this. Tiny plants lead through
every kernel.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

import numpy as np

from zeroplant.axis import Axis
from zeroplant.solve.staged import solve_staged
from zeroplant.waist import Network
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network


def warm() -> float:
    """Load every compiled kernel, compiling those that are not kept yet; the seconds it took."""
    begin = time.perf_counter()
    program = compile_network(_small())
    solve_staged(program, assemble(program))
    return time.perf_counter() - begin


def _small() -> Network:
    """A source, a store and a demand over a day: sizes, a lossy way, a rule over the whole."""
    hours = np.arange(24.0)
    net = Network(Axis(datetime(2025, 1, 1, tzinfo=UTC), 24))
    here, there = net.node("here"), net.node("there")
    source, room = net.size("source", upper=50.0), net.size("room", upper=50.0)
    net.line("source", "cost", source, 100.0, kind="investment")
    net.line("room", "cost", room, 10.0, kind="investment")
    made = net.flow("made", give=here, cap=np.abs(np.sin(hours / 4)) * source)
    way = net.flow("way", take=here, give={there: 0.95}, cap=30.0)
    net.flow("back", take=there, give={here: 0.95}, cap=30.0)
    into, out = net.flow("into", take=there, cap=0.5 * room), net.flow("out", give=there, cap=20.0)
    net.store("level", fill={into: 0.9}, drain={out: 1.0}, cap=room)
    net.flow("bought", give=there, cap=20.0, cost=90.0 + hours)
    net.flow("wanted", take=there, fixed=8.0 + np.cos(hours))
    net.budget("share", way - 0.2 * made, at_least=10.0, breach=50.0)
    return net


if __name__ == "__main__":
    print(f"Solver kernels are ready after {warm():.1f} s")  # noqa: T201 - the answer

"""Compile what the solvers compile: once on a machine, so that no plan waits for it.

    python -m zeroplant.solve.warm

numba keeps the machine code beside the package; `make setup` runs this. Tiny plants lead through
every kernel. However many threads there are, numba compiles one kernel at a time; so where there
are two processors, two processes take about half of the kernels each.
"""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime

import numpy as np

from zeroplant.axis import Axis
from zeroplant.processors import processors
from zeroplant.solve.staged import solve_staged
from zeroplant.solve.staged.dense import Dense
from zeroplant.solve.staged.method import Method
from zeroplant.solve.staged.point import Point, Residuals
from zeroplant.solve.staged.scaling import scaled
from zeroplant.solve.staged.standard import standardise
from zeroplant.waist import Network
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network

SECOND = "from zeroplant.solve.warm import second_half; second_half()"
# Where kernels of the second half stand. They do not run as plain Python, all others do.
PLACES = {f"zeroplant.solve.staged.{name}" for name in ("aim", "elimination", "march", "passes")}


def warm() -> float:
    """Load every compiled kernel, compiling those that are not kept yet; the seconds it took."""
    begin = time.perf_counter()
    program = compile_network(_small())
    solve_staged(program, assemble(program))
    return time.perf_counter() - begin


def compile_all() -> float:
    """As `warm`, for a machine that keeps nothing yet: by two processes, if it has processors.

    Should the other one fail, its half is compiled here.
    """
    begin = time.perf_counter()
    if processors() > 1:
        command = [sys.executable, "-c", SECOND]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            first_half()
    warm()
    return time.perf_counter() - begin


def first_half() -> None:
    """What lays a programme out, residuals at points, and the small dense system."""
    method, at, _ = _begun()
    Dense(np.eye(2)).solve(np.ones(2))
    directions = method.directions
    directions.look(at)
    directions.stand(at)
    directions.move(Point.blank(method.filled.ends), 0.0, 0.0, (0.0, 0.0))


def second_half() -> None:
    """Directions; what lays the programme out runs as plain Python: it is tiny."""
    for module in [each for name, each in sys.modules.items() if name.startswith("zeroplant.")]:
        for name, thing in list(vars(module).items()):
            plain = getattr(thing, "py_func", None)
            if plain is not None and plain.__module__ not in PLACES:
                setattr(module, name, plain)
    with np.errstate(all="ignore"):
        method, at, off = _begun()
    directions = method.directions
    directions.at(at)
    directions.rest(off)
    directions.centre(1.0, directions.second(1.0, 0.0, 1.0))


def _begun() -> tuple[Method, Point, Residuals]:
    """A method for the tiny plant, a point inside all bounds, and residuals of nothing there."""
    program = compile_network(_small())
    method = Method(scaled(standardise(program, assemble(program))[0])[0])
    filled = method.filled
    at, off = (Point.blank(filled.ends) for _ in range(2))
    at.near[:], at.force[:] = 1.0, filled.has
    most = np.zeros_like(filled.most)
    return method, at, Residuals(off.y, np.zeros_like(off.z), most, off.z, off.p, most)


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
    print(f"Solver kernels are ready after {compile_all():.1f} s")  # noqa: T201 - the answer

"""How long it takes from declarations to a model inside HiGHS, ours and PyPSA's."""

from __future__ import annotations

import contextlib
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from zeroplant.bench.plants import county_base, year
from zeroplant.export import to_pypsa
from zeroplant.export.quiet import quiet
from zeroplant.solve.highs import HighsModel
from zeroplant.waist import Network
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network


def run(repeats: int = 15, peer_repeats: int = 3) -> dict[str, Any]:
    """Warm times of an 8,760 h county base; ``ratio`` is PyPSA's time over ours.

    Ours is everything from the first declaration: declare, compile, assemble, hand over to
    HiGHS. PyPSA's starts from a network that is declared already: ``optimize.create_model``, the
    extra rules, and the hand-over to HiGHS. Medians, in seconds.
    """
    series = year()
    ours = timed(lambda: _build(county_base(series)), repeats)
    network = county_base(series)
    model = _build(network)
    with quiet():
        peer, rules = to_pypsa(network)

        def peer_build() -> Any:
            peer.optimize.create_model(include_objective_constant=False)
            if rules is not None:
                rules(peer, peer.snapshots)
            return _hand_over(peer.model)

        peer_build()
        theirs = timed(peer_build, peer_repeats)
        handed = peer_build()
    return {
        "name": "build",
        "ratio": statistics.median(theirs) / statistics.median(ours),
        "seconds": statistics.median(ours),
        "seconds_best": min(ours),
        "pypsa_seconds": statistics.median(theirs),
        "pypsa_seconds_best": min(theirs),
        "periods": network.axis.periods,
        "columns": model.highs.getNumCol(),
        "rows": model.highs.getNumRow(),
        "nonzeros": model.highs.getNumNz(),
        "pypsa_columns": handed.getNumCol(),
        "pypsa_rows": handed.getNumRow(),
        "limits": {"seconds": 0.030, "ratio": 20.0},
    }


def _build(network: Network) -> HighsModel:
    return HighsModel(assemble(compile_network(network)))


def _hand_over(model: Any) -> Any:
    """A linopy model as a HiGHS model through its array interface."""
    from linopy.io import to_highspy

    with silent_output():
        return to_highspy(model)


def timed(work: Callable[[], object], repeats: int) -> list[float]:
    """Seconds of each of several runs, after one that warms up."""
    work()
    seconds = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return seconds


@contextlib.contextmanager
def silent_output() -> Iterator[None]:
    """Drop what compiled code prints past Python: the banner of a solver."""
    sys.stdout.flush()
    kept = os.dup(1)
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)

"""Works on one river: who flows into whom, checked before anything is built."""

from __future__ import annotations

from collections.abc import Mapping

from zeroplant.assets.base import Asset
from zeroplant.assets.parts.water import Waterworks
from zeroplant.assets.run_of_river import Weir
from zeroplant.errors import Problem


def check_cascade(assets: Mapping[str, Asset]) -> list[Problem]:
    """What is wrong with the rivers of a plant, each problem at the asset of its ``where``.

    Water that flows into something else than waterworks, or in a circle; and weirs that receive
    water of other works but do not know their river's natural flow, which tells of floods. Names
    that are no asset at all are not looked at: every reference is checked when a plant is read.
    """
    works = {name: asset for name, asset in assets.items() if isinstance(asset, Waterworks)}
    below = {name: work.downstream for name, work in works.items()}
    problems = [
        Problem(f"downstream '{next_one}' is no waterworks", name, _one_of(works, name))
        for name, next_one in below.items()
        if next_one in assets and next_one not in works
    ]
    problems += [_circle(ring) for ring in _rings(below)]
    for name in sorted(set(filter(None, below.values())) & set(works)):
        work = works[name]
        if isinstance(work, Weir) and work.river_flow is None:
            what = "it receives water of other works, so its inflow does not tell of floods"
            instead = "write river_flow: the natural flow of the whole river there"
            problems.append(Problem(what, name, instead))
    return problems


def _one_of(works: Mapping[str, Waterworks], but: str) -> str:
    others = ", ".join(name for name in works if name != but)
    return f"write one of: {others}" if others else "leave it out"


def _rings(below: Mapping[str, str | None]) -> list[list[str]]:
    """Every circle of downstream names, once."""
    rings: list[list[str]] = []
    settled: set[str] = set()
    for name in below:
        path: list[str] = []
        here: str | None = name
        while here is not None and here in below and here not in settled | set(path):
            path.append(here)
            here = below[here]
        if here in path:
            rings.append(path[path.index(here) :])
        settled.update(path)
    return rings


def _circle(ring: list[str]) -> Problem:
    way = " → ".join([*ring, ring[0]])
    return Problem(f"water flows in a circle: {way}", ring[0], "let one of them flow on elsewhere")

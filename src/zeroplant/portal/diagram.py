"""The plant as a single-line diagram: a bar for each node, and the assets that hang on them.

An asset at one node stands above or below its bar. One that joins several has a column of its own
at the right, with a line down to each of its bars. Only places are worked out here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from zeroplant.portal.catalogue import AssetOf

WIDTH, HEIGHT, GAP, TITLE = 158, 70, 14, 26
"""Of a cell, between cells, and above a bar for its name [px]."""


@dataclass(frozen=True)
class Cell:
    """An asset at its place: left upper corner."""

    asset: str
    x: int
    y: int

    @property
    def middle(self) -> int:
        """Where its lines begin."""
        return self.x + WIDTH // 2


@dataclass(frozen=True)
class Stub:
    """A vertical line from a cell to a bar."""

    x: int
    top: int
    bottom: int


@dataclass(frozen=True)
class Busbar:
    """A node: its name over all that hangs on it, its line, a dot wherever something does."""

    node: str
    title: int
    y: int
    length: int
    dots: tuple[int, ...]


@dataclass(frozen=True)
class Diagram:
    """Everything with its place; ``loose`` is the height of assets at no node, 0 without any."""

    width: int
    height: int
    bars: tuple[Busbar, ...]
    cells: tuple[Cell, ...]
    stubs: tuple[Stub, ...]
    loose: int


@dataclass(frozen=True)
class _Row:
    """What belongs to a node: cells above its bar and below it, and the heights of all three."""

    node: str
    above: Sequence[AssetOf]
    below: Sequence[AssetOf]
    top: int

    @property
    def bar(self) -> int:
        return self.top + TITLE + (HEIGHT + GAP if self.above else 0)

    @property
    def under(self) -> int:
        return self.bar + GAP


def diagram_of(assets: Sequence[AssetOf], nodes: Sequence[str]) -> Diagram:
    """The diagram of some assets; nodes that none of them is at are left out."""
    here = [node for node in nodes if any(node in asset.nodes for asset in assets)]
    single = {node: [a for a in assets if a.nodes == (node,)] for node in here}
    joined = [asset for asset in assets if len(asset.nodes) > 1]
    loose = [asset for asset in assets if not asset.nodes]
    columns = max([_columns(len(each)) for each in single.values()], default=1)
    rows, y = [], 0
    for node in here:
        over = max(0, len(single[node]) - columns)
        rows.append(_Row(node, single[node][:over], single[node][over:], y))
        begins = any(min(asset.nodes, key=here.index) == node for asset in joined)
        y = rows[-1].under + (HEIGHT + GAP if rows[-1].below or begins else 0)
    lanes = _lanes(joined, here)
    cells = [
        cell
        for row in rows
        for members, height in ((row.above, row.bar - GAP - HEIGHT), (row.below, row.under))
        for cell in _beside(members, height)
    ]
    cells += _beside(loose, y + TITLE)
    places = {row.node: row for row in rows}
    for asset in joined:
        first = min(asset.nodes, key=here.index)
        x = (columns + lanes[asset.name]) * (WIDTH + GAP)
        cells.append(Cell(asset.name, x, places[first].under))
    stubs = _stubs(cells, {asset.name: asset for asset in assets}, places)
    width = max(cell.x for cell in cells) + WIDTH if cells else 0
    bottom = y + (TITLE + HEIGHT + GAP if loose else 0)
    bars = tuple(_bar(row, stubs) for row in rows)
    return Diagram(width, bottom, bars, tuple(cells), tuple(stubs), y if loose else 0)


def _columns(cells: int) -> int:
    """How many stand side by side: some in one row, many in two, above and below the bar."""
    return cells if cells <= 4 else -(-cells // 2)


def _beside(assets: Sequence[AssetOf], y: int) -> list[Cell]:
    """Cells side by side."""
    return [Cell(asset.name, place * (WIDTH + GAP), y) for place, asset in enumerate(assets)]


def _lanes(joined: Sequence[AssetOf], nodes: Sequence[str]) -> dict[str, int]:
    """A column for each asset between several nodes; two share one where none crosses the other."""
    ends: list[int] = []
    found = {}
    spans = {a.name: sorted(nodes.index(node) for node in a.nodes) for a in joined}
    for name, span in sorted(spans.items(), key=lambda item: item[1][0]):
        lane = next((i for i, end in enumerate(ends) if end < span[0]), len(ends))
        ends[lane:] = [span[-1], *ends[lane + 1 :]]
        found[name] = lane
    return found


def _stubs(
    cells: Sequence[Cell], assets: Mapping[str, AssetOf], rows: Mapping[str, _Row]
) -> list[Stub]:
    """Lines from cells to all their bars, each from the one before."""
    found = []
    for cell in cells:
        bars = sorted(rows[node].bar for node in assets[cell.asset].nodes)
        if not bars:
            continue
        if cell.y < bars[0]:
            found.append(Stub(cell.middle, cell.y + HEIGHT, bars[0]))
            continue
        found.append(Stub(cell.middle, bars[0], cell.y))
        stops = [cell.y + HEIGHT, *bars[1:]]
        found += [Stub(cell.middle, top, bottom) for top, bottom in pairwise(stops)]
    return found


def _bar(row: _Row, stubs: Sequence[Stub]) -> Busbar:
    """The bar of a node, as long as what is connected to it."""
    dots = sorted({stub.x for stub in stubs if row.bar in (stub.top, stub.bottom)})
    return Busbar(
        row.node, row.top + TITLE - 8, row.bar, dots[-1] + GAP if dots else WIDTH, tuple(dots)
    )

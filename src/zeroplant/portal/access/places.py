"""The tree that roles hang on: the plant, its sites and nodes, their assets, and devices of these.

It is the tree of the page *Plant* by place: an asset lies at the site it names, or else at the
first node it connects. Names hold neither colon nor slash, so that a place is one line of text:
``site:east``, ``node:park``, ``battery``, ``battery/charge``; the empty line is the whole plant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

SITE, NODE = "site:", "node:"


class Tree:
    """Where each asset lies; ``areas`` finds the site or node of each when it is first asked."""

    def __init__(self, areas: Callable[[], Mapping[str, str]] = dict) -> None:
        self._areas = areas

    def above(self, place: str) -> Iterator[str]:
        """A place and all it lies in, the whole plant last."""
        below = place
        while below:
            place = below
            yield place
            below = place.rpartition("/")[0]
        if area := place and self._areas().get(place):
            yield area
        yield ""


def place_of(point: str) -> str:
    """The place of a point, or of an asset, by its name; of nothing the whole plant."""
    return point.replace(".", "/")


def asset_at(place: str) -> str:
    """The asset a place belongs to: itself, or what it is a device of."""
    return place.partition("/")[0]

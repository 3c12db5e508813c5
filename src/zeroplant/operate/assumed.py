"""What a plant stands on before anybody has solved its year: control does not wait for that.

Sizes are those that its devices tell of themselves; what no device tells is taken from an earlier
plan of the same folder, or else to be as much as the plant file lets build. Nothing is known of
what stored energy is worth: until the year is there, no plan is made, and a rule takes its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import numpy as np

from zeroplant.operate.points import asset_of
from zeroplant.operate.standing import Standing, on_span, stand
from zeroplant.operate.year import Year, sizes_before
from zeroplant.plant import Plant, build
from zeroplant.waist import Flow, Network, Size, Store


def assumed(
    plant: Plant, *, start: datetime, days: int, most: Mapping[str, float], folder: Path
) -> Standing:
    """The plant on its days as far as it is known without its year.

    ``most`` is by point what its device says it can be at most [the point's unit]. Raises
    InputError as `stand` does.
    """
    network = build(on_span(plant, start, periods=1)).network
    told = dict(_told(network, most))
    before = sizes_before(folder)
    slacks = {budget.slack for budget in network.budgets}
    sizes, guessed = dict[str, float](), False
    for size in network.sizes:
        if size in slacks or size.groups is not None:
            continue
        known = {**before, **told}.get(size.name)
        if known is None and size.lower < size.upper:
            guessed = True
        if known is None:
            known = size.upper if np.isfinite(size.upper) else size.lower
        sizes[size.name] = float(np.clip(known, size.lower, size.upper))
    year = Year("", sizes, {}, {}, {}, {}, "guessed" if guessed else "assumed")
    return stand(plant, start=start, days=days, year=year)


def _told(network: Network, most: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Sizes by what devices say that a flow or a level can be at most."""
    words: list[Flow | Store] = [*network.flows, *network.stores]
    for word in words:
        terms, limit = word.cap.terms, most.get(word.name, np.inf)
        if len(terms) != 1 or not isinstance(terms[0].variable, Size) or not np.isfinite(limit):
            continue
        size, share = terms[0].variable, np.asarray(terms[0].coefficient)
        if isinstance(word, Flow) and word.role == "generation":  # its share is the weather's
            if size.name == f"{asset_of(word.name)}.power":
                yield size.name, limit
        elif not np.any(word.cap.constant) and share.min() == share.max() > 0.0:
            yield size.name, limit / float(share.max())

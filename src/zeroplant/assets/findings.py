"""What an asset says of a solved plant beside its sizes, flows and money."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One figure with its names: the longest wait at a station, the hosting capacity of a feeder.

    ``key`` names it to machines, in words joined by underscores. ``unit`` is empty for plain
    numbers and "1" for shares, which reports show in percent. ``title`` and ``note`` are English
    and Chinese; the note says on what the figure rests, or what it does not hold for.
    """

    key: str
    value: float
    unit: str
    title: tuple[str, str]
    note: tuple[str, str] | None = None

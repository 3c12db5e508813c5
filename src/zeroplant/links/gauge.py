"""What a number on the wire means: scale, shift, and the direction that a sign stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Literal

from zeroplant.links.link import Point, Setpoint

Side = Literal["positive", "negative"]


@dataclass(frozen=True)
class Gauge:
    """A point and how it stands on the wire: ``inside = number × factor + shift``.

    With ``part`` what the number means has a sign, and the point is the side of it that its name
    says: what lies on the other side is zero of this point. (The number itself need not have one:
    some devices send the power plus 32000.) ``told`` is what a number means where
    it is written, if that differs: some devices measure watts and are told per cent.
    """

    point: Point
    factor: float = 1.0
    shift: float = 0.0
    part: Side | None = None
    told: Gauge | None = None

    @property
    def writing(self) -> Gauge:
        """What numbers mean that are written."""
        return self.told or self

    def inside(self, number: float) -> float:
        """A number from the wire, in the plant's unit and direction. nan stays nan."""
        value = number * self.factor + self.shift
        if self.part == "negative":
            value = -value
        return 0.0 if self.part is not None and value < 0.0 else value

    def wire(self, value: float) -> float:
        """A value of the point as the number on the wire, with its sign there."""
        signed = -value if self.part == "negative" else value
        return (signed - self.shift) / self.factor


TRIFLE = 0.01
"""Share of a point's range below which the other direction is as good as at rest."""


class Standing:
    """What stands in the registers that two points share: at most one of them is not at rest."""

    def __init__(self, points: Mapping[str, Point]) -> None:
        self._held: dict[str, Setpoint] = {}
        spans = {name: point.most - point.least for name, point in points.items()}
        self._rest = {
            name: TRIFLE * span if isfinite(span) else 0.0 for name, span in spans.items()
        }

    def joined(
        self, wishes: Mapping[str, Setpoint], sharing: Iterable[str], now: datetime
    ) -> Setpoint | None:
        """The one wish that a shared register is to carry out; None if two contradict each other.

        A direction is taken up only when the other is at rest, told to rest, or has lapsed; one
        that is told to rest leaves the other as it stands, and its validity too.
        """
        sharing = list(sharing)
        asked = [wishes[name] for name in sharing if name in wishes]
        held = [self._held[name] for name in sharing if name in self._held and name not in wishes]
        standing = asked + [wish for wish in held if wish.until > now]
        active = [wish for wish in standing if abs(wish.value) > self._rest[wish.point]]
        if len(active) > 1:
            return None
        return active[0] if active else max(asked, key=lambda wish: abs(wish.value))

    def wrote(self, setpoint: Setpoint, sharing: Iterable[str]) -> None:
        """Remember what a register carries out now."""
        for name in sharing:
            self._held.pop(name, None)
        self._held[setpoint.point] = setpoint

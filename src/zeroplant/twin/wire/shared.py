"""A simulated charging station that knows only its whole power, seen as equal connectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Shared:
    """``connectors`` of the station ``name``, each with the same part of its power and limit.

    Where the twin has points of the connectors themselves, those are what is seen and set.
    """

    name: str
    connectors: int
    read: Callable[[], Mapping[str, float]]
    write: Callable[[str, float, datetime | None], bool]
    heard: Callable[[], bool] = lambda: True
    """Whether a central system has ever been there; before, nothing is set."""
    _limits: dict[str, float] = field(default_factory=dict, init=False)

    def values(self) -> Mapping[str, float]:
        """Values by connector."""
        values = self.read()
        whole = values.get(f"{self.name}.charge")
        if whole is None or f"{self.name}.1.charge" in values:
            return values
        found = {}
        for n in range(1, self.connectors + 1):
            found[f"{self.name}.{n}.charge"] = whole / self.connectors
            found[f"{self.name}.{n}.plugged"] = 1.0
        return found

    def limit(self, point: str, value: float, until: datetime | None) -> bool:
        """Limit a connector; of the whole, once all are known."""
        values = self.read()
        if f"{self.name}.charge" not in values or f"{self.name}.1.charge" in values:
            return self.write(point, value, until)
        self._limits[point] = value
        if not self.heard() or len(self._limits) < self.connectors:
            return True
        return self.write(f"{self.name}.charge", sum(self._limits.values()), until)

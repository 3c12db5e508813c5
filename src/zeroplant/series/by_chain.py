"""One profile for the chains of each scenario."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.series.profile import Profile


@dataclass(frozen=True, eq=False)
class ByChain(Profile):
    """Profiles of scenarios that stand one after the other on the axis.

    Each is asked for its values on the axis ``of_one``, that of a single scenario with its weather
    years: where two scenarios say the same they have the same numbers, also the same noise.
    """

    parts: tuple[Profile, ...]
    of_one: Axis

    @property
    def common(self) -> Profile | None:
        """The profile of all scenarios, where they do not differ."""
        return self.parts[0] if all(part is self.parts[0] for part in self.parts) else None

    @property
    def constant(self) -> float | None:
        """The value, where it is the same at all times in all scenarios."""
        return None if self.common is None else self.common.constant

    def values(self, axis: Axis) -> Floats:
        """Values of every scenario, one per stage. Raises InputError."""
        return np.concatenate([part.on(self.of_one) for part in self.parts])

    def plain(self) -> object:
        """What a plant file would say, or a list of it with an entry for each scenario."""
        if self.common is not None:
            return self.common.plain()
        return {"by_scenario": [part.plain() for part in self.parts]}

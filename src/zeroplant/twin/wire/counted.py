"""Counted: energy through the connections of a twin, as their meters' registers have it."""

from __future__ import annotations

from collections.abc import Mapping

from zeroplant.twin.plant import Twin

SIDES = ("import", "export")


class Counted:
    """MWh since the twin began, by name: ``grid.energy_import``, ``grid.energy_export``."""

    def __init__(self, twin: Twin) -> None:
        self._flows = [
            (flow.index, f"{asset}.energy_{side}")
            for flow in twin.physics.network.flows
            for asset, _, side in [flow.name.partition(".")]
            if side in SIDES and flow.role == side
        ]
        self._energy = {name: 0.0 for _, name in self._flows}

    def add(self, twin: Twin) -> None:
        """Count the step that is over."""
        for index, name in self._flows:
            self._energy[name] += float(twin.state.x[index]) * twin.seconds / 3600.0

    @property
    def values(self) -> Mapping[str, float]:
        """What the registers show."""
        return self._energy

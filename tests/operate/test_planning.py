"""What the planner is told: what is known, not what was last read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.operate.small_plant import small_plant
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.planner_process import Request
from zeroplant.operate.planning import Planning
from zeroplant.operate.recording import Recording


class Asked:
    """A planner that only listens."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def ask(self, request: Request) -> bool:
        """Take it."""
        self.requests.append(request)
        return True

    def answer(self) -> None:
        """Nothing."""


def test_a_flow_that_is_not_known_is_not_told_and_a_level_is_carried_on(tmp_path: Path) -> None:
    plant, asked = small_plant(), Asked()
    plant.cycles(3)
    plant.silent = {"battery.level", "wind.output", "works.load", "grid.import", "grid.export"}
    plant.cycles(20)
    image = plant.image()
    known = plant.controller.cycle(plant.now, image).known
    recording = Recording(PlantFolder(tmp_path))
    planning = Planning(asked, recording)  # type: ignore[arg-type]
    planning.look(image, known)
    recording.close()
    (request,) = asked.requests
    assert "wind.output" not in request.measured
    assert "battery.charge" in request.measured
    place = plant.controller.points.index["battery.level"]
    assert request.levels["battery.level"] == pytest.approx(float(known.value[place]))
    assert image.value[plant.controller.points.index["wind.output"]] > 0.0

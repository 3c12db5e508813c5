"""The schedule in force, in real time: asked of the planner's process, and never waited for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import numpy as np

from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.image import Image
from zeroplant.operate.known import Known, Source
from zeroplant.operate.planner_process import PlannerProcess, Request
from zeroplant.operate.recording import Recording
from zeroplant.operate.schedule import Schedule
from zeroplant.store import Entry

AGAIN = timedelta(minutes=15)
"""How often a schedule is made anew."""
EXPECTED: Mapping[str, Forecast] = {}
"""No forecasts: plans go by what the plant file lets expect."""


class Planning:
    """Asks for schedules at the start and at each quarter-hour; keeps the newest.

    ``forecasts`` gives the newest there are, at once; when there are newer ones within the
    quarter-hour, the plan is made again with them.
    """

    def __init__(
        self,
        planner: PlannerProcess,
        recording: Recording,
        forecasts: Callable[[datetime], Mapping[str, Forecast]] = lambda _: EXPECTED,
    ) -> None:
        self.planner, self.recording, self.forecasts = planner, recording, forecasts
        self.schedule: Schedule | None = None
        self._asked: datetime | None = None
        self._with: Mapping[str, Forecast] = EXPECTED

    def look(self, image: Image, known: Known | None = None) -> None:
        """After each cycle: take in what the planner answered, and ask again when it is time.

        It plans from what is ``known``: a flow that is neither measured nor left by a balance is
        not told, and a level is the one that is carried on. Without it the image counts as it is.
        """
        answer = self.planner.answer()
        if answer is not None:
            self.schedule = answer
            self._keep(self.recording.folder, answer)
        quarter = image.at - (image.at - datetime.min.replace(tzinfo=image.at.tzinfo)) % AGAIN
        forecasts = self.forecasts(image.at)
        if self._asked == quarter and forecasts is self._with:
            return
        names, points = image.points.names, image.points
        taken = image.value
        if known is not None:
            flow = np.arange(len(points)) < points.flows
            taken = np.where(flow & (known.source > Source.RECONCILED), np.nan, known.value)
        values = {
            name: float(value)
            for name, value in zip(names, taken.tolist(), strict=True)
            if np.isfinite(value)
        }
        stores = names[points.flows : points.flows + points.stores]
        if stores and not any(name in values for name in stores):
            return  # nothing was heard yet: a plan from nowhere helps nobody
        levels = {name: values[name] for name in stores if name in values}
        measured = {name: values[name] for name in names[: points.flows] if name in values}
        request = Request(image.at, levels, forecasts, measured=measured)
        if self.planner.ask(request):
            self._asked, self._with = quarter, forecasts

    def _keep(self, folder: PlantFolder, schedule: Schedule) -> None:
        """The schedule into the folder and the journal."""
        said = json.loads(schedule.to_json())
        self.recording.file(folder.schedule, said)
        stamp = schedule.made.strftime("%Y%m%dT%H%M%SZ")
        self.recording.file(folder.schedules / f"{stamp}.json", said)
        payload = {"status": schedule.status, "note": schedule.note, "file": f"{stamp}.json"}
        made = schedule.made
        entry = Entry(kind="plan", key="plant", event=schedule.start, known=made, payload=payload)
        self.recording.note([entry])

    def close(self) -> None:
        """End the planner's process."""
        self.planner.close()

"""What the plant could give, worked out beside the loop: its capability, and tomorrow's schedule.

With each new plan comes the envelope of what could be given beyond it, and the four capacities.
At the hour at which the market closes, tomorrow's quarter-hours are planned and told; whether
they are accepted, and so owed, is for the trader to say (`zeroplant.operate.commitments_file`). A
bid that could not be planned is an alarm, and tried again till the day is over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np

from zeroplant.axis import zone_named
from zeroplant.operate.alarms import Condition
from zeroplant.operate.capability import Capacities, Envelope, capacities, envelope, sheddable
from zeroplant.operate.day_ahead import of_tomorrow, steps_to, tomorrow
from zeroplant.operate.decision import Decision
from zeroplant.operate.entries import plain
from zeroplant.operate.forecast import Forecast
from zeroplant.operate.image import Image
from zeroplant.operate.owed import Owed
from zeroplant.operate.recording import Recording
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.scheduler import Scheduler, Settings
from zeroplant.operate.standing import Standing
from zeroplant.operate.worker import Do, at_once
from zeroplant.store import Entry

log = logging.getLogger(__name__)

PEAK = 4.0
"""Hours of the local peak that capacities are rated by, as in Hebei (document 114 of 2026)."""
SURE = 0.95
RATED = timedelta(minutes=15)
"""How often at most the envelope is worked out."""
RETRIED = timedelta(minutes=15)
"""How long after a bid that could not be planned it is tried again."""
DEADLINE = 30.0

Ahead = Callable[[datetime, int], Mapping[str, Forecast]]
"""Forecasts of so many steps from a moment on."""


@dataclass(frozen=True)
class _Asked:
    """What a plan was made from."""

    now: datetime
    levels: Mapping[str, float]
    forecasts: Mapping[str, Forecast]
    schedule: Schedule


class Offers:
    """Keeps ``capability.json`` and ``day_ahead.json`` up to date.

    ``schedule`` and ``forecasts`` give the newest there are, ``ahead`` forecasts for longer than
    plans look. The envelope is worked out for a new plan, not more often than ``every``.
    """

    def __init__(
        self,
        recording: Recording,
        zone: str,
        owed: Owed,
        *,
        schedule: Callable[[], Schedule | None],
        forecasts: Callable[[datetime], Mapping[str, Forecast]],
        ahead: Ahead,
        every: timedelta = RATED,
        do: Do = at_once,
    ) -> None:
        self.recording, self.zone, self.owed = recording, zone, owed
        self._schedule, self._forecasts, self._ahead = schedule, forecasts, ahead
        self._every, self._do = every, do
        self._standing: Standing | None = None
        self._of: Schedule | None = None
        self._made: datetime | None = None
        self._told: date | None = None
        self._tried_at: datetime | None = None
        self._untold = ""
        """Why tomorrow could not be told when it was tried last."""

    def stand(self, standing: Standing) -> None:
        """The plant stands for other days from now on."""
        self._standing = standing

    def close(self) -> None:
        """Nothing is to be let go of."""

    def look(self, image: Image, decision: Decision) -> None:
        """After each cycle: have worked out what is due."""
        points, now, schedule = image.points, image.at, self._schedule()
        if schedule is None or self._standing is None:
            return
        new = schedule is not self._of
        due = new and (self._made is None or abs(now - self._made) >= self._every)
        closing = self._closing(now)
        if not due and closing is None:
            return
        stores = range(points.flows, points.flows + points.stores)
        level = decision.known.value
        levels = {points.names[i]: float(level[i]) for i in stores if np.isfinite(level[i])}
        asked = _Asked(now, levels, self._forecasts(now), schedule)
        if due:
            self._of, self._made = schedule, now
            self._do(partial(self._rated, asked))
        if closing is not None:
            self._tried_at = now
            self._do(partial(self._bid, asked))

    def troubles(self) -> list[Condition]:
        """That tomorrow could not be told, as the alarms take it."""
        return [("day-ahead not told", "", self._untold)] if self._untold else []

    def _closing(self, now: datetime) -> date | None:
        """Tomorrow's date, once the market has closed today and is to be told (again)."""
        market, here = self.owed.market, now.astimezone(zone_named(self.zone))
        if market is None or f"{here:%H:%M}" < market.closes:
            self._untold, self._tried_at = "", None  # another day: yesterday's bid is past mending
            return None
        day = _tomorrow(now, self.zone)
        if self._told is None and (self.recording.folder.days_ahead / f"{day}.json").exists():
            self._told = day  # told before this controller began
        waits = self._tried_at is not None and abs(now - self._tried_at) < RETRIED
        return None if self._told == day or waits else day

    # -- where it is worked out -------------------------------------------------------------------

    def _tried(self, work: Callable[[_Asked, Standing], None], asked: _Asked) -> str:
        """Do a piece of work; returns what went wrong with it."""
        if self._standing is None:
            return ""
        try:
            work(asked, self._standing)
        except Exception as error:  # whatever it is, it is told: nobody waits for this work
            log.warning("%s: %r", work.__name__.strip("_"), error)
            said = {"en": f"not worked out: {error}", "zh": f"无法计算：{error}"}
            self._note("note", asked.now, said)
            return str(error) or type(error).__name__
        return ""

    def _rated(self, asked: _Asked) -> None:
        """Work out what could be given; what goes wrong is in the journal."""
        self._tried(self._rate, asked)

    def _bid(self, asked: _Asked) -> None:
        """Tell tomorrow; what does not succeed is tried again."""
        self._untold = self._tried(self._tell, asked)
        if not self._untold:
            self._told = _tomorrow(asked.now, self.zone)

    def _rate(self, asked: _Asked, standing: Standing) -> None:
        """The envelope, and the capacities that follow from it."""
        found = envelope(standing, asked.now, asked.levels, asked.forecasts, asked.schedule)
        four = capacities(found, peak_hours=PEAK, probability=SURE)
        self.owed.ready(found)
        said = said_of(found, four)
        if load := sheddable(standing, asked.now):
            said["capacities"]["shed"] = {"value": plain(load), "unit": "MW", "words": SHED}
        self.recording.file(self.recording.folder.capability, said)
        self._note("capability", asked.now, said["capacities"])

    def _tell(self, asked: _Asked, standing: Standing) -> None:
        """Plan to the end of tomorrow, and tell tomorrow's part of it."""
        step = timedelta(hours=standing.network.axis.hours)
        _, end = tomorrow(asked.now, self.zone)
        steps = steps_to(end, asked.now, step)
        forecasts = {**asked.forecasts, **self._ahead(asked.now, steps)}
        scheduler = Scheduler(standing, Settings(horizon=steps, stability=0.0))
        plan = scheduler.plan(
            asked.now, asked.levels, forecasts, self.owed.newest, deadline=DEADLINE
        )
        if plan.status not in ("optimal", "feasible"):
            message = f"a plan by {plan.status} is no bid: {plan.note}"
            raise ValueError(message)
        told = of_tomorrow(plan, asked.now, self.zone, _node_of(standing))
        folder = self.recording.folder
        self.recording.file(folder.days_ahead / f"{told.day}.json", told.plain())
        self.recording.file(folder.day_ahead, told.plain())
        self._note("day-ahead", asked.now, told.plain())

    def _note(self, kind: str, now: datetime, said: Mapping[str, Any]) -> None:
        self.recording.note([Entry(kind=kind, key="plant", event=now, known=now, payload=said)])


def _tomorrow(now: datetime, zone: str) -> date:
    """The next date of the plant's clock."""
    return now.astimezone(zone_named(zone)).date() + timedelta(days=1)


def said_of(found: Envelope, four: Capacities) -> dict[str, Any]:
    """Envelope and capacities as the plant's folder says them; rows are probabilities."""

    def rows(side: Any) -> list[list[float | None]]:
        return [[plain(v) for v in row] for row in side.T.tolist()]

    return {
        "made": found.made.isoformat(),
        "start": found.made.isoformat(),
        "hours": list(found.hours),
        "probabilities": list(found.probabilities),
        "futures": found.futures,
        "up": rows(found.up),
        "down": rows(found.down),
        "deliver": rows(found.deliver),
        "capacities": {
            name: {"value": plain(getattr(four, name)), "unit": "MW", "words": words}
            for name, words in WORDS.items()
        },
    }


SHED = {"en": "load that may be shed by command, as the last resort",
        "zh": "可按指令切除的负荷（最后手段）"}  # fmt: skip
WORDS = {
    "peak_support": {"en": f"peak support: net export held for {PEAK:g} h",
                     "zh": f"顶峰能力：可持续 {PEAK:g} h 的净送出"},
    "regulation": {"en": "regulation range, up and down together",
                   "zh": "调峰能力（上调与下调之和）"},
    "registered": {"en": "registered capability: more net export for an hour",
                   "zh": "可注册调节能力：可持续 1 h 的上调"},
    "paid_reliable": {"en": f"paid reliable capacity at a peak of {PEAK:g} h",
                      "zh": f"可靠容量（尖峰时长 {PEAK:g} h）"},
}  # fmt: skip


def _node_of(standing: Standing) -> str:
    """The node at which the plant sells, or else buys."""
    for role in ("export", "import"):
        for flow in standing.network.flows:
            if flow.role == role:
                nodes = flow.take if role == "export" else flow.give
                return next((node.name for node in nodes), "")
    return ""

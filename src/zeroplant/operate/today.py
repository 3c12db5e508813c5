"""Today so far: energy, money and emissions since midnight on the plant's clock, as measured."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import numpy as np

from zeroplant.axis import Floats, zone_named
from zeroplant.operate.decision import Decision
from zeroplant.operate.entries import plain
from zeroplant.operate.flowed import Flowed, Source, flowed
from zeroplant.operate.image import Image
from zeroplant.operate.measured import means
from zeroplant.operate.recording import Recording
from zeroplant.operate.standing import Standing, stand
from zeroplant.operate.worker import Do, at_once

STEP = timedelta(minutes=15)
LATE = timedelta(seconds=30)
"""How long after a quarter-hour it is looked at: what was measured in it has come by then."""
LONGEST_DAY = 4
"""Quarter-hours that a day may have more than 96: one with an hour twice."""
CARBON = {"en": "emission factors of the plant file on what was measured, last quarter-hour",
          "zh": "按电厂文件的排放因子与最近一刻钟实测值计算"}  # fmt: skip


class Today:
    """Keeps ``today.json``, once each quarter-hour. ``source`` says what was measured."""

    def __init__(
        self, recording: Recording, *, source: Source | None = None, do: Do = at_once
    ) -> None:
        self.recording, self._do = recording, do
        self._source: Source = source or partial(means, recording.history)
        self._standing: Standing | None = None
        self._day: Standing | None = None
        self._told: datetime | None = None

    def stand(self, standing: Standing) -> None:
        """The plant stands for other days from now on."""
        self._standing = standing

    def look(self, image: Image, decision: Decision) -> None:
        """Called in each cycle: works the day out when a quarter-hour is over."""
        late = image.at - LATE
        quarter = late - (late - datetime.min.replace(tzinfo=late.tzinfo)) % STEP
        if quarter != self._told and self._standing is not None:
            self._told = quarter
            self._do(partial(self.tell, quarter))

    def close(self) -> None:
        """Nothing is held."""

    def tell(self, until: datetime) -> None:
        """Write down the day up to the end of a quarter-hour; blocks.

        The last of a day is told with that day, and stands until the next has one of its own.
        """
        assert self._standing is not None
        zone = zone_named(self._standing.plant.time.zone)
        within = (until - STEP).astimezone(zone)  # at midnight, the day that has just ended
        midnight = within.replace(hour=0, minute=0, second=0, microsecond=0)
        if self._day is None or self._day.network.axis.start != midnight:
            self._day = stand(
                self._standing.plant, start=midnight, days=1, horizon=LONGEST_DAY,
                year=self._standing.year,
            )  # fmt: skip
        steps = (until - midnight) // STEP
        so_far = flowed(self._day.network, self._source, steps)
        said = {"date": midnight.date().isoformat(), "until": until.isoformat(),
                **account(so_far, self._standing.plant.currency)}  # fmt: skip
        self.recording.file(self.recording.folder.today, said)


def account(so_far: Flowed, currency: str) -> dict[str, Any]:
    """Energy, money and emissions of the steps so far; null for what nothing was measured of.

    Where some quarter-hours are missing the sums are of the others, and ``unknown`` says so.
    """
    used = so_far.electric("load", given=False) - so_far.electric("unserved", given=True)
    energy = {
        "imported": so_far.electric("import", given=True),
        "exported": so_far.electric("export", given=False),
        "generated": so_far.electric("generation", given=True),
        "used": used,
    }
    lines = [(line, amounts) for line, amounts in so_far.lines]
    parts = {**energy, "carbon": so_far.emissions, **{line.what: a for line, a in lines}}
    sums = [_sum(amounts) for _, amounts in lines]
    known = [each for each in sums if each is not None]
    carbon = _sum(so_far.emissions)
    return {
        "energy": {name: _sum(values) for name, values in energy.items()},
        "money": {
            "lines": [
                {"name": f"{line.who}: {line.what}", "who": line.who, "what": line.what,
                 "amount": amount}
                for (line, _), amount in zip(lines, sums, strict=True)
            ],
            "total": plain(sum(known)) if len(known) == len(sums) else None,
            "currency": currency,
        },
        "carbon": {
            "kg": None if carbon is None else plain(1e3 * carbon),
            "kg_per_mwh_now": _intensity(so_far.emissions, used),
            "source": CARBON,
        },
        "unknown": _unknown(parts, so_far.steps),
    }  # fmt: skip


def _sum(values: Floats) -> float | None:
    """The sum of what is known; None where nothing is, and 0 of no steps."""
    known = values[np.isfinite(values)]
    return plain(float(known.sum())) if known.size or not values.size else None


def _intensity(emissions: Floats, used: Floats) -> float | None:
    """kgCO2 for each MWh used in the last step; None where either is unknown or nothing is used."""
    if not used.size or not used[-1] > 0.0:
        return None
    return plain(float(1e3 * emissions[-1] / used[-1]))


def _unknown(parts: Mapping[str, Floats], steps: int) -> list[dict[str, Any]]:
    """What was not measured: ``of`` which quantities so many ``gaps`` of so many quarter-hours.

    ``of`` names nothing where that is the day as a whole. Who shows it has words for it.
    """
    missing: dict[int, list[str]] = {}
    for name, values in parts.items():
        if gaps := int((~np.isfinite(values)).sum()):
            missing.setdefault(gaps, []).append(name)
    return [
        {"of": names if len(names) < len(parts) else [], "gaps": gaps, "steps": steps}
        for gaps, names in sorted(missing.items())
    ]

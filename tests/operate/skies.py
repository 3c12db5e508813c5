"""A small invented plant's past: wind, sun and load over some weeks, with weather forecasts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from zeroplant.axis import Axis
from zeroplant.operate.outside import Outside
from zeroplant.operate.past import Past
from zeroplant.weather.climate import climate
from zeroplant.weather.generator import generated_site
from zeroplant.weather.prediction import predicted

START = datetime(2025, 4, 1, tzinfo=UTC)
STEP = timedelta(minutes=15)
QUARTER = np.timedelta64(15, "m")
PLACE = (39.9, 111.7)
RATING = {"wind.output": 100.0, "sun.output": 50.0, "works.load": 30.0}
OUTSIDE = [
    Outside("wind.output", "possible", "MW", 100.0, known=False),
    Outside("sun.output", "possible", "MW", 50.0, known=False),
    Outside("works.load", "load", "MW", 30.0, known=False),
    Outside("grid: energy bought", "price", "money/MWh", 600.0, known=True),
]


class World:
    """The truth of some days, and what is told of it."""

    def __init__(self, days: int, seed: int = 1) -> None:
        axis = Axis(start=START, periods=96 * days, hours=0.25, zone="Asia/Shanghai")
        site = generated_site(climate("qingshuihe"), axis, seed)
        draw = np.random.default_rng(seed)
        wind = np.clip((site.weather.wind_speed / 12) ** 3, 0, 1) * 100
        sun = site.weather.ghi / 1000 * 50
        busy = (axis.hour_of_day > 7) & (axis.hour_of_day < 19) & (axis.weekday < 5)
        load = 12 + 12 * busy + draw.normal(0, 0.8, axis.periods)
        self.times = axis.times
        self.truth = {"wind.output": wind, "sun.output": sun, "works.load": load}
        self.forecasts = predicted(site, seed=seed)

    def past(self, upto: datetime | None = None, *, weather: bool = True) -> Past:
        """Everything told up to a moment, or all of it."""
        past = Past(STEP, self.truth)
        known = self.times + QUARTER
        told = known <= moment(upto) if upto else np.ones(known.size, dtype=bool)
        for key, values in self.truth.items():
            past.tell(key, self.times[told], values[told], known[told])
        for forecast in self.forecasts if weather else ():
            if upto is None or forecast.issued <= upto:
                past.tell_weather(forecast)
        return past


def moment(when: datetime) -> np.datetime64:
    """A datetime as numpy has it."""
    return np.datetime64(when.astimezone(UTC).replace(tzinfo=None), "us")

"""Forecasts of measured wind and sun beside the reference forecasts that the data sets state.

    python -m benchmarks.forecast_real [DATA]

``DATA`` is the folder of public data sets (default: ../shared/data beside the checkout). Prints
nMAE in percent of capacity by hours ahead (day-ahead is 24 h), for ours learnt once before the
test and learnt anew each month of it, and for every reference; pinball loss and coverage of the
bands; seconds of processor to learn and to forecast.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from benchmarks.measured import ZONE, Plant, past_of, solar, utc, wind
from zeroplant.operate import features, quantity
from zeroplant.operate.blend import COURSE, CURVE, DAY, LAST
from zeroplant.operate.features import Pairs
from zeroplant.operate.forecaster import Forecaster
from zeroplant.operate.outside import Outside
from zeroplant.operate.references import Seen, persistence
from zeroplant.operate.skill import Score, score

STEPS = {1: 0.25, 4: 1.0, 16: 4.0, 96: 24.0}
"""Quarter-hours from the last measurement, and hours."""
DAYLIGHT = 10.0
"""Forecast irradiance [W/m2] above which it is day, as the data sets' own baselines count."""
SINGLE = np.array([0.5])


@dataclass(frozen=True)
class Scores:
    """Scores of ours and of every reference at one number of steps ahead."""

    ours: Score
    references: dict[str, Score]


class Trial:
    """One measured plant with a forecaster that has learnt from its first part."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.past = past_of(plant)
        outside = Outside(plant.name, "possible", "MW", plant.rating, known=False)
        self.forecaster = Forecaster([outside], self.past, zone=ZONE, place=plant.place)
        index = plant.times.astype(np.int64) // self.past.step
        values = np.full(int(index[-1] - index[0]) + 1, np.nan)
        values[index - index[0]] = plant.power / plant.rating
        self.seen = Seen(int(index[0]), values)
        test = (plant.times >= plant.split) & np.isfinite(plant.power)
        if plant.place is not None:
            test &= plant.weather["ghi"] > DAYLIGHT
        self.targets = index[test]

    def learn(self, upto: datetime) -> float:
        """Learn; returns seconds of processor."""
        begun = time.process_time()
        self.forecaster.learn(upto)
        return time.process_time() - begun

    def scores(self, ahead: int) -> Scores:
        """Scores over the test, each step forecast from ``ahead`` steps before it."""
        return self._scores(self._pairs(self.targets, ahead))

    def monthly(self) -> dict[int, Score]:
        """The same for ours when it learns anew at the start of each month of the test."""
        starts = self.targets * self.past.step
        months = starts.astype("M8[us]").astype("M8[M]")
        said: dict[int, list[np.ndarray]] = {ahead: [] for ahead in STEPS}
        came: dict[int, list[np.ndarray]] = {ahead: [] for ahead in STEPS}
        for month in np.unique(months):
            begin = max(month.astype("M8[us]"), self.plant.split)
            self.learn(utc(begin))
            for ahead in STEPS:
                pairs = self._pairs(self.targets[months == month], ahead)
                said[ahead].append(self._quantiles(pairs))
                came[ahead].append(self.seen.at(pairs.target))
        return {
            ahead: score(np.hstack(said[ahead]), self.forecaster.levels, np.hstack(came[ahead]), 1)
            for ahead in STEPS
        }

    def _pairs(self, targets: np.ndarray, ahead: int) -> Pairs:
        last = targets - ahead
        held = np.isfinite(self.seen.at(last))
        return Pairs(last[held], targets[held], (last[held] + 1) * self.past.step)

    def _quantiles(self, pairs: Pairs) -> np.ndarray:
        model = self.forecaster.models[self.plant.name]
        found = quantity.quantiles(model, pairs, self.seen, self.forecaster.levels.size)
        return np.clip(np.sort(found, axis=0), 0, max(1.0, model.most))

    def _scores(self, pairs: Pairs) -> Scores:
        model = self.forecaster.models[self.plant.name]
        truth = self.seen.at(pairs.target)
        simple = features.rows(replace(model.sight, seen=self.seen), pairs).simple
        columns = {
            "persistence": persistence(self.seen, pairs.last),
            "clear-sky persistence": simple[:, LAST],
            "24 h persistence": simple[:, DAY],
            "last seven days": simple[:, COURSE],
            "weather curve": simple[:, CURVE],
        }
        if self.plant.place is None:
            del columns["clear-sky persistence"]
        ours = score(self._quantiles(pairs), self.forecaster.levels, truth, 1.0)
        return Scores(
            ours, {name: score(each[None], SINGLE, truth, 1.0) for name, each in columns.items()}
        )


def report(plant: Plant) -> None:
    """Print one plant."""
    trial = Trial(plant)
    seconds = trial.learn(utc(plant.split))
    found = {ahead: trial.scores(ahead) for ahead in STEPS}
    begun = time.process_time()
    moment = utc(plant.split)
    for _ in range(100):
        trial.forecaster.at(moment, moment, 96)
    forecasting = (time.process_time() - begun) / 100
    monthly = trial.monthly()
    print(f"\n{plant.name}: learnt in {seconds:.2f} s of processor; "
          f"96 steps in {1000 * forecasting:.1f} ms")  # fmt: skip
    print(f"{'nMAE, % of capacity':26s}" + "".join(f"{STEPS[each]:8g} h" for each in STEPS))
    rows = {"ours, learnt once": [found[each].ours.nmae for each in STEPS],
            "ours, learnt each month": [monthly[each].nmae for each in STEPS]}  # fmt: skip
    for name in found[1].references:
        rows[name] = [found[each].references[name].nmae for each in STEPS]
    for name, values in rows.items():
        print(f"  {name:24s}" + "".join(f"{value:10.2f}" for value in values))
    for name, scores in (("once", {k: v.ours for k, v in found.items()}), ("each month", monthly)):
        for what in ("nrmse", "pinball"):
            label = f"{what}, learnt {name}"
            print(f"  {label:24s}" + "".join(f"{getattr(scores[e], what):10.2f}" for e in STEPS))
        for band in (0.5, 0.8, 0.9):
            label = f"in {band:.0%} band, {name}"
            print(f"  {label:24s}" + "".join(f"{scores[e].coverage[band]:10.2f}" for e in STEPS))


def main() -> None:
    """Print the wind farm and three photovoltaic stations."""
    root = Path(__file__).resolve().parents[1]
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else root.parent / "shared" / "data"
    if not (data / "wind_hku_100mw").is_dir():
        sys.exit(f"{data} has no wind_hku_100mw: name the folder of the data sets")
    report(wind(data))
    for station in ("station04", "station07", "station02"):
        report(solar(data, station))


if __name__ == "__main__":
    main()

"""How long a control cycle takes: 12 points and 100,000 devices, on one core.

    python -m benchmarks.dispatch [--devices 100000] [--cycles 500]

Devices are one battery each behind one connection (two flows and one store a device); readings,
loads and targets change in every cycle, a new schedule comes every quarter-hour, one device in a
hundred is silent and another does not follow. Times are processor time of whole cycles (image to
decision), so that other load on the machine does not count; beside them stands how often the
readings could have been sorted, or summed up once, in that time.
"""

from __future__ import annotations

import argparse
import time
from datetime import timedelta

import numpy as np

from tests.operate.small_plant import CYCLE, START, Plant, plan, small_network
from zeroplant.operate.controller import Controller
from zeroplant.operate.image import Image


def seconds(cycles: int, plant: Plant, rng: np.random.Generator) -> np.ndarray:
    """Processor time of each cycle of a plant whose readings are made as arrays."""
    points = plant.controller.points
    image = plant.image()
    value, event, quality = image.value.copy(), image.event.copy(), image.quality.copy()
    count = points.flows
    lost = rng.random(len(points)) < 0.01
    deaf = rng.random(count) < 0.01
    load, wind = points.index["works.load"], points.index["wind.output"]
    feed, take = points.index["grid.export"], points.index["grid.import"]
    charges = np.array([points.names[k].endswith("charge") for k in range(count)])
    sign = np.array([-1.0 if n.endswith(".charge") else 1.0 for n in points.names[:count]])
    taken, now = [], START
    for number in range(cycles):
        if number % 225 == 0:
            schedule = plan(20.0)
        now += CYCLE
        value[load] = 40.0 + rng.normal(0, 3)
        value[wind] = 50.0 + rng.normal(0, 3)
        net = float((sign * value[:count])[charges].sum()) + value[wind] - value[load]
        value[feed], value[take] = max(net, 0.0), max(-net, 0.0)
        event[~lost] = event[wind] = round(now.timestamp() * 1e6)
        seen = Image(now, points, value.copy(), event.copy(), quality.copy())
        begun = time.process_time()
        decision = plant.controller.cycle(now, seen, schedule)
        taken.append(time.process_time() - begun)
        told = decision.write[:count] & charges & ~deaf
        value[:count][told] = decision.setpoints[:count][told]
    return np.array(taken[min(10, cycles // 2) :])


def beside(size: int) -> tuple[float, float]:
    """Processor seconds to sort as many numbers, and to sum them up."""
    numbers = np.random.default_rng(0).random(size)
    begun = time.process_time()
    for _ in range(20):
        np.sort(numbers)
    sort = (time.process_time() - begun) / 20
    begun = time.process_time()
    for _ in range(200):
        numbers.sum()
    return sort, (time.process_time() - begun) / 200


def main() -> None:
    """Both plants."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--devices", type=int, default=100_000)
    options.add_argument("--cycles", type=int, default=500)
    chosen = options.parse_args()
    rng = np.random.default_rng(1)
    for devices, cycles in ((1, 10 * chosen.cycles), (chosen.devices, chosen.cycles)):
        begun = time.process_time()
        controller = Controller(small_network(devices))
        built = time.process_time() - begun
        taken = seconds(cycles, Plant(controller), rng) * 1e3
        p50, p99 = np.percentile(taken, [50, 99])
        sort, total = beside(len(controller.points))
        print(
            f"{len(controller.points):7d} points, {devices:6d} devices: built in {built:.2f} s; "
            f"cycle p50 {p50:.3f} ms, p99 {p99:.3f} ms, longest {taken.max():.3f} ms,"
            f" mean {taken.mean():.3f} ms"
            f" = {taken.mean() / (sort * 1e3):.1f} sorts = {taken.mean() / (total * 1e3):.0f} sums"
            " of its points"
        )


if __name__ == "__main__":
    assert timedelta(0) < CYCLE
    main()

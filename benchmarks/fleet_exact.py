"""Random devices, nasty on purpose, against HiGHS: same verdict, same cost, physical schedule.

    python benchmarks/fleet_exact.py [N] [SEED]

Every device is drawn as a battery, a car, a room or a heater, with ties, flat, zero and negative
prices, no capacity, no power, leaks to 0.5, pinned levels, bounds that cross, curtailment and
limited connections, over 1, 2, 5, 24 or 96 steps in turn. Two linear programmes judge: one mixes
the powers at which the physical cost of a step can have a corner (the convex hull), for all; one is
the textbook's, with a variable each for charging, discharging, buying, selling and curtailing,
where doing two of these at once cannot pay. ``cost`` is the worst difference relative to 1 + cost.
Marginal devices miss a level by more than rounding and less than tolerances, and only their
verdicts count.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.solve.fleet.against_highs import compare
from tests.solve.fleet.samples import LENGTHS, nasty

STACK = 4000
"""Steps in a stack, all devices together: larger ones are slower in HiGHS."""
MOST = 500


def run(devices: int = 20_000, seed: int = 0) -> dict[str, float | int | str]:
    """Compare that many devices, as many of each length; counts, and the worst of everything."""
    begin, each = time.process_time(), -(-devices // len(LENGTHS))
    counted = ("devices", "infeasible", "not_convex", "marginal", "verdicts_differ")
    counts: Counter[str] = Counter(dict.fromkeys(counted, 0))
    worst = {"cost": 0.0, "violation": 0.0, "gap": 0.0}
    for steps in LENGTHS:
        stack = min(MOST, STACK // steps)
        for part in range(0, each, stack):
            found = compare(nasty(min(stack, each - part), seed * 1_000_003 + part, steps))
            counts.update({name: getattr(found, name) for name in counts})
            worst = {name: max(value, getattr(found, name)) for name, value in worst.items()}
    used = time.process_time() - begin
    return {"name": "fleet_exact", "seed": seed, **counts, **worst, "processor_seconds": used}


if __name__ == "__main__":
    print(json.dumps(run(*(int(word) for word in sys.argv[1:])), indent=2))

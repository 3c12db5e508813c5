"""``kill -9`` of ``zeroplant control`` a hundred times at random moments; see README.md.

    python -m benchmarks.killed [--times 100]

The real process, in the folder that the one before has left behind, against the devices of a real
``zeroplant twin``. Printed are the middle and longest time from the start of a process to the end
of its first cycle, by the clock and of the processor; how many records and orders were confirmed;
how long a device goes on after the controller is gone; and everything that was wrong: a record or
an order that was acknowledged and is missing, a broken chain, a child that lives on, or a start
that was not safe.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from tests.operate.killing import kill_often, lapse


def main() -> None:
    """Kill, and say what was left."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    told = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seen = kill_often(Path(folder), told.times, told.seed)
        seconds, power = lapse(Path(folder))
    print(
        f"{told.times} kills, {seen.early} before the first cycle, {seen.planning} with a child\n"
        f"first cycle after {statistics.median(seen.starts):.2f} s, at most "
        f"{max(seen.starts):.2f} s by the clock; processor {statistics.median(seen.cpu):.2f} s, "
        f"at most {max(seen.cpu):.2f} s; it followed {seen.first}\n"
        f"{seen.records} records, {seen.cut_off} times one was cut off in mid-write; "
        f"{len(seen.confirmed)} orders confirmed\n"
        f"a battery that was discharging went on for {seconds:.0f} s, then gave {power:.2f} MW"
    )
    print("\n".join(seen.wrong) or "nothing was lost, broken or left behind")


if __name__ == "__main__":
    main()

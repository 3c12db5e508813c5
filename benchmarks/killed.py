"""``kill -9`` of ``zeroplant control`` a hundred times at random moments; see README.md.

    python -m benchmarks.killed [--times 100]       # exit code 1 if anything was wrong

The real process, in the folder that the one before has left behind, against the devices of a real
``zeroplant twin``. Printed are the middle and longest time from the start of a process to the end
of its first cycle, by the clock and of the processor; how many records and orders were confirmed;
how long a device goes on after the controller is gone; and everything that was wrong: a record or
an order that was acknowledged and is missing, values that the history told, a broken chain, a
damaged history, a child that lives on, a start that was not safe or took more than 5 s of the
processor, or a device that goes on for ever.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from tests.operate.killing import kill_often, lapse

STILL = 1.0
"""MW: a battery that gives less has come to rest."""


def main() -> int:
    """Kill, and say what was left: 1 if anything was wrong."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    told = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seen = kill_often(Path(folder), told.times, told.seed)
        # Told before what comes next can fail.
        print(
            f"{told.times} kills, {seen.early} before the first cycle, {seen.planning} with a "
            f"child\nfirst cycle after {statistics.median(seen.starts):.2f} s, at most "
            f"{max(seen.starts):.2f} s by the clock; processor "
            f"{statistics.median(seen.cpu):.2f} s, at most {max(seen.cpu):.2f} s; "
            f"it followed {seen.first}\n"
            f"{seen.records} records, {seen.cut_off} times one was cut off in mid-write; "
            f"{len(seen.confirmed)} orders confirmed; {seen.rows} values kept\n"
            f"{'; '.join(seen.wrong) or 'nothing was lost, broken or left behind'}",
            flush=True,
        )
        seconds, power = lapse(Path(folder))
    print(f"a battery that was discharging went on for {seconds:.0f} s, then gave {power:.2f} MW")
    if not power < STILL:
        seen.wrong.append("a battery goes on after its controller is gone")
    return 1 if seen.wrong else 0


if __name__ == "__main__":
    sys.exit(main())

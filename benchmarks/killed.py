"""``kill -9`` of a real controller process a hundred times at random moments; see README.md.

    python benchmarks/killed.py [--times 100]

Each life continues in the folder the one before left behind. Printed are the longest and middle
time from the start of a process to its first cycle, how many journal entries were acknowledged,
how often a record that was being written had to be cut off, and everything that was wrong: an
acknowledged record that is missing, a chain that is broken, a start that is not the fail-safe, or
an order that was forgotten.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from tests.operate.killing import kill_often


def main() -> None:
    """Kill, and say what was left."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=100)
    times = options.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        seen = kill_often(Path(folder), times, seed=1)
    print(
        f"{times} kills: first safe cycle after {statistics.median(seen.starts):.2f} s, at most "
        f"{max(seen.starts):.2f} s (processor time {statistics.median(seen.cpu):.2f} s, at most "
        f"{max(seen.cpu):.2f} s); {seen.acknowledged} entries acknowledged, none lost"
        if not seen.wrong
        else "\n".join(seen.wrong)
    )
    print(f"records cut off in mid-write: {seen.cut_off}")


if __name__ == "__main__":
    main()

"""Random plants: the staged solver's verdicts beside HiGHS's, and what it hands over.

    python benchmarks/robustness.py N [SEED]

N plants from SEED (default 0) on. Prints a table of verdicts, and one line for each plant that is
wrong or that has an answer and was handed over. The plants are those of the tests
(tests/solve/staged/plants.py); the tests run a few of them, this runs thousands.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT))


def main(count: int, first: int = 0) -> int:
    """Run them; 1 if a verdict is wrong or too many were handed over."""
    from tests.solve.staged.verdicts import pair

    seen: Counter[tuple[str, str]] = Counter()
    worst, wrong, late, seconds = 0.0, 0, 0, time.process_time()
    for seed in range(first, first + count):
        found = pair(seed)
        seen[found.highs.status, found.staged.status] += 1
        if found.wrong:
            wrong += 1
            print(f"wrong {seed}: {found.wrong}", flush=True)
        elif found.handed_over:
            if found.highs.status == "optimal":
                late += 1
                print(f"handed over {seed}: {found.staged.why}", flush=True)
        elif found.staged.status == "optimal" == found.highs.status:
            worst = max(worst, found.error)
    print(f"\n{'HiGHS':12} {'staged':12} plants")
    for (highs, staged), plants in sorted(seen.items()):
        print(f"{highs:12} {staged:12} {plants:6}")
    feasible = sum(plants for (highs, _), plants in seen.items() if highs == "optimal")
    share = late / max(feasible, 1)
    print(f"\nwrong: {wrong}; handed over: {late} of {feasible} that have an answer ({share:.1%});")
    print(f"largest error of an objective: {worst:.1e}; {time.process_time() - seconds:.0f} s")
    return int(wrong > 0 or share > 0.01)


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))

"""Every example run for two days under its controller: what its users were promised, kept or not.

    python benchmarks/operate_examples.py [EXAMPLE …] [--days 2] [--seed 1]

Each runs as `zeroplant operate` runs it, in a process of its own, one after the other. Looked at
are minutes beyond a limit, energy unserved beyond the plan, hours of rooms in their comfort band,
waits of trucks, lockages, and water too low or falling too fast. The exit code is 1 if one misses.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ("county-base", "hydro-corridor", "swap-corridor", "home-fleet", "zero-carbon-park")
# Figures of kinds by the end of their names: at least, or at most.
LEAST = {"in comfort band": 0.99, "lockages served": 1.0}
MOST = {"wait p95 min": 10.0, "hours of too fast a pond": 0.0, "hours below the least flow": 0.0}
ROUNDING = 1e-6


def missed(figures: dict[str, Any]) -> list[str]:
    """What a run did not keep, in words."""
    unserved = figures["unserved_mwh"] - figures["planned_unserved_mwh"]
    found = []
    if figures["envelope_violations"]:
        found.append(f"{figures['envelope_violations']} minutes beyond a limit")
    if unserved > ROUNDING:
        found.append(f"{unserved:.3g} MWh unserved beyond the plan")
    for name, value in figures["kinds"].items():
        what = name.rpartition(": ")[2]
        if value < LEAST.get(what, value) - ROUNDING or value > MOST.get(what, value) + ROUNDING:
            found.append(f"{name} {value:.4g}")
    return found


def told(figures: dict[str, Any]) -> str:
    """The figures that were looked at, on one line."""
    kinds = [
        f"{name} {value:.4g}"
        for name, value in figures["kinds"].items()
        if name.rpartition(": ")[2] in {**LEAST, **MOST}
    ]
    return ", ".join(
        [
            f"violations {figures['envelope_violations']}",
            f"unserved {figures['unserved_mwh']:.3g} of {figures['planned_unserved_mwh']:.3g} MWh",
            f"tracking p95 {figures['tracking_error']['p95']:.2%}",
            f"alarms {figures['alarms']['raised']}",
            *kinds,
        ]
    )


def main() -> int:
    """Run, print, and say whether all was kept."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("examples", nargs="*", default=EXAMPLES)
    options.add_argument("--days", type=int, default=2)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    wrong = 0
    for name in given.examples:
        begin = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "figures.json"
            subprocess.run(
                [sys.executable, "-m", "zeroplant", "operate", ROOT / "examples" / name, "--days",
                 str(given.days), "--seed", str(given.seed), "--no-compare", "--json", file],
                check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
            figures = json.loads(file.read_text())
        misses = missed(figures)
        wrong += bool(misses)
        said = f"MISSED: {'; '.join(misses)}" if misses else "kept"
        print(f"{name}: {said} ({time.monotonic() - begin:.0f} s)\n  {told(figures)}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

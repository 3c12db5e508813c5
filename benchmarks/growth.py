"""How the staged solver's time grows: the county base example over 1 to 40 weather years.

    python benchmarks/growth.py [FOLDER]

Writes growth.json and growth.svg into FOLDER (default: docs/explanation/staged-solver) and prints
the figures. Wanted: processor seconds per stage and iteration that are flat, within 20 % of their
mean over all numbers of years; how far each is from one year's, which bears what a solve costs
however short it is, is told as well. The clock's stand beside them, but a neighbour on the machine
changes those. Each number of years is
solved in a process of its own, three times; the quickest counts.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from zeroplant.bench.apart import apart
from zeroplant.bench.many_years import years
from zeroplant.plan.report.charts.svg import Canvas
from zeroplant.plan.report.text import Text

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "staged-solver"
COUNTS, REPEATS, MOST = (1, 2, 5, 10, 20, 40), 3, 0.2
STYLE = """<style>
  text { font: 12px sans-serif; fill: #5a6675 } .unit, .said { fill: #17202a }
  .grid { stroke: #dde2e8 } .zero { stroke: #5a6675 } .paper { fill: #fff }
  .near { fill: #0b6e4f; opacity: 0.12 } .line { stroke: #0b6e4f; stroke-width: 2; fill: none }
  .dot { fill: #0b6e4f }
</style>"""


def measured(count: int) -> dict[str, Any]:
    """The quickest of several solves over so many years."""
    runs = []
    for _ in range(REPEATS):
        outcome = apart(years, count, limit=600.0)
        if outcome.result is None:
            sys.exit(f"{count} years: {outcome.reason}")
        runs.append({**outcome.result, "peak_gb": outcome.peak})
    best = min(runs, key=lambda run: float(run["staged_processor_seconds"]))
    steps = best["stages"] * best["iterations"]
    return {
        "years": count,
        "stages": best["stages"],
        "iterations": best["iterations"],
        "seconds": best["staged_seconds"],
        "processor_seconds": best["staged_processor_seconds"],
        "peak_gb": best["peak_gb"],
        "microseconds_per_stage_and_iteration": 1e6 * best["staged_seconds"] / steps,
        "processor_microseconds": 1e6 * best["staged_processor_seconds"] / steps,
    }


def drawn(found: dict[str, Any]) -> str:
    """The picture: stages on a logarithmic axis, microseconds per stage and iteration upwards."""
    points = found["points"]
    x = np.log10([point["stages"] for point in points])
    y = np.array([point["processor_microseconds"] for point in points])
    canvas = Canvas(680, 300, left=56, bottom=44, x=(x[0] - 0.1, x[-1] + 0.1))
    canvas.y = (0.0, 1.35 * float(max(y.max(), 1.2 * y.mean())))
    canvas.add(STYLE)
    canvas.add('<rect class="paper" width="680" height="300"/>')
    canvas.grid("processor µs per stage and iteration")
    ends = np.array(canvas.x)
    canvas.band(ends, np.full(2, (1 - MOST) * y.mean()), np.full(2, (1 + MOST) * y.mean()), "near")
    canvas.curve(x, y, "line")
    for place, value, point in zip(x, y, points, strict=True):
        canvas.add(f'<circle class="dot" cx="{canvas.px(place):.1f}" cy="{canvas.py(value):.1f}" '
                   'r="3.5"/>')  # fmt: skip
        canvas.below(place, f"{point['stages']:,}")
        said = f"{point['processor_seconds']:.1f} s"
        height = float(canvas.py(value)) - 10
        canvas.words(float(canvas.px(place)), height, said, "said", "middle")
    canvas.words(368, 294, "stages (hours of 1, 2, 5, 10, 20, 40 weather years)", anchor="middle")
    extra = 'xmlns="http://www.w3.org/2000/svg"'
    return canvas.svg(Text("Time grows with the number of stages", "用时随时段数线性增长"), extra)


def main(folder: Path) -> None:
    """Measure, print, write."""
    points = [measured(count) for count in COUNTS]
    steps = [point["processor_microseconds"] for point in points]
    found = {
        "measured": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "points": points,
        "largest_deviation": max(abs(step / np.mean(steps) - 1.0) for step in steps),
        "from_one_year": [round(step / steps[0] - 1.0, 3) for step in steps],
        "limits": {"largest_deviation": MOST},
    }
    print(json.dumps(found, indent=2))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "growth.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    (folder / "growth.svg").write_text(drawn(found) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)

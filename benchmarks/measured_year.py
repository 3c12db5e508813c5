"""County base on modelled hourly factors of Inner Mongolia 2020: seconds and peak memory of a plan.

    python benchmarks/measured_year.py [DATA]

``DATA`` is the folder of public data sets (default: ../shared/data beside the checkout). Runs the
command as a user would, with report, in a process of its own, and prints what it took.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Run once and print."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"
    factors = data.resolve() / "cn_province_2020" / "capacity_factors_2020_hourly.parquet"
    if not factors.is_file():
        sys.exit(f"{factors} is not there: name the folder of the data sets")
    # The rules hold from 2025 on, so the weather of 2020 is laid on that calendar.
    series = "{{file: '{}', column: InnerMongolia__{}_cf, zone: Asia/Shanghai, year: any}}"
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable, "-m", "zeroplant", "plan", str(ROOT / "examples" / "county-base"),
            "--out", f"{folder}/report", "--json", f"{folder}/plan.json",
            "--set", f"assets.wind.availability={series.format(factors, 'onwind')}",
            "--set", f"assets.sun.availability={series.format(factors, 'solar')}",
        ]  # fmt: skip
        begin = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - begin
        plan = json.loads(Path(folder, "plan.json").read_text(encoding="utf-8"))
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"whole command: {seconds:.1f} s, peak memory {memory:.0f} MiB")
    print(f"solver: {plan['solver']['name']}, {plan['solver']['seconds']:.2f} s")
    print(f"objective: {plan['objective']:.2f} {plan['currency']}")
    for name, value in plan["sizes"].items():
        print(f"{name}: {value:.2f} {plan['size_units'][name]}")


if __name__ == "__main__":
    main()

"""County base run for a week on measured wind and sun: cost, tracking, violations, regret.

    python -m benchmarks.operate_real [DATA] [--start DATE] [--days N] [--cycle SECONDS]

``DATA`` is the folder of public data sets (default: ../shared/data beside the checkout). The same
week is run three times: with foresight, with persistence forecasts and with the plant's own, each
in a process of its own, as many at once as there are processors. What the two others cost more
than foresight is their regret.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.measured import series_file
from zeroplant.operate.child import end_with_parent
from zeroplant.operate.year import year_of
from zeroplant.plan.sweep.pool import pool
from zeroplant.plant import read_plant
from zeroplant.processors import processors
from zeroplant.twin.compared import Case
from zeroplant.twin.kpi import connection_rating, money_of, skill_of, tracking, unserved_of
from zeroplant.twin.outcome import cost_of
from zeroplant.twin.prepare import ForecasterName
from zeroplant.twin.run import Simulation

ROOT = Path(__file__).resolve().parents[1]
PLANT = ROOT / "examples" / "county-base"
NAMES: tuple[ForecasterName, ...] = ("perfect", "persistence", "ours")


@dataclass(frozen=True)
class Ran:
    """The cost, with that of the day after from the levels left, and lines that tell of the run."""

    cost: float
    lines: str


def run(case: Case, name: ForecasterName, cycle: float) -> Ran:
    """In a process of its own: the days under a forecaster, every one of them on the same draws."""
    end_with_parent()
    simulation = Simulation(case.prepared(), forecaster=name, cycle=cycle)
    wall, cpu = time.perf_counter(), time.process_time()
    simulation.run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    account = simulation.twin.account
    money = money_of(simulation.prepared.truth, account, simulation.begin_levels)
    cost = cost_of(simulation)
    rating = connection_rating(account)
    cycles = simulation.cycles
    off = {
        "target in force": tracking(cycles.target, cycles.exported, rating),
        "first plan of the quarter-hour": tracking(cycles.planned, cycles.exported, rating),
        "achievable": tracking(cycles.achievable, cycles.exported, rating),
    }
    said = ", ".join(f"{each['p95']:.2%} off the {what}" for what, each in off.items())
    skill = skill_of(simulation.made, simulation.prepared.future, 96) if name == "ours" else {}
    return Ran(
        cost,
        f"{name:12s} cost {cost:14,.0f}  paid {money.money.sum():14,.0f}  "
        f"violations {account.violations}  unserved {unserved_of(account):.1f} MWh  "
        f"wall {wall:.0f} s  processor {cpu:.0f} s\n"
        f"{'':12s} tracking p95 of the connection: {said}"
        + "".join(
            f"\n{'':12s} {key} a day ahead: {each['rmse']:.1%} off, persistence "
            f"{each['persistence']:.1%} (of its greatest value)"
            for key, each in skill.items()
        ),
    )


def main() -> None:
    """Build the series file, run three times, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--start", type=datetime.fromisoformat, default=datetime(2025, 5, 5))
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--cycle", type=float, default=4.0)
    said = parser.parse_args()
    if not (said.data / "wind_hku_100mw").is_dir():
        sys.exit(f"{said.data} has no wind_hku_100mw: name the folder of the data sets")
    with tempfile.TemporaryDirectory() as folder, pool(min(processors(), len(NAMES))) as workers:
        file = Path(folder, "series.parquet")
        series_file(said.data.resolve(), file)
        year = year_of(read_plant(PLANT).plant, {})
        case = Case(str(PLANT), {}, said.start, said.days, 1, file, year)
        running = {name: workers.submit(run, case, name, said.cycle) for name in NAMES}
        found = {name: future.result() for name, future in running.items()}
    print("\n".join(each.lines for each in found.values()))
    cost = {name: each.cost for name, each in found.items()}
    regret = {name: cost[name] - cost["perfect"] for name in NAMES[1:]}
    print(f"regret: ours {regret['ours']:,.0f}, persistence {regret['persistence']:,.0f}")
    print(f"ratio: {regret['ours'] / regret['persistence']:.1%} (must be 60 % or less)")


if __name__ == "__main__":
    main()

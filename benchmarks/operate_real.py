"""County base run for a week on measured wind and sun: cost, tracking, violations, regret.

    python benchmarks/operate_real.py [DATA] [--start DATE] [--days N] [--cycle SECONDS]

``DATA`` is the folder of public data sets (default: ../shared/data beside the checkout). The same
week is run three times: with foresight, with persistence forecasts and with the plant's own. What
the two others cost more than foresight is their regret.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from benchmarks.measured import series_file
from zeroplant.plant import read_plant
from zeroplant.twin.kpi import connection_rating, money_of, tracking, unserved_of
from zeroplant.twin.outcome import cost_of
from zeroplant.twin.prepare import ForecasterName, Prepared, prepare
from zeroplant.twin.run import Simulation

ROOT = Path(__file__).resolve().parents[1]
NAMES: tuple[ForecasterName, ...] = ("perfect", "persistence", "ours")


def run(prepared: Prepared, name: ForecasterName, cycle: float) -> float:
    """Run once and print; returns the cost, with that of the day after from the levels left."""
    wall, cpu = time.perf_counter(), time.process_time()
    simulation = Simulation(prepared, forecaster=name, cycle=cycle)
    simulation.run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    account = simulation.twin.account
    money = money_of(prepared.truth, account, simulation.begin_levels)
    cost = cost_of(simulation)
    rating = connection_rating(account)
    cycles = simulation.cycles
    off = {
        "target in force": tracking(cycles.target, cycles.exported, rating),
        "first plan of the quarter-hour": tracking(cycles.planned, cycles.exported, rating),
        "achievable": tracking(cycles.achievable, cycles.exported, rating),
    }
    print(
        f"{name:12s} cost {cost:14,.0f}  paid {money.money.sum():14,.0f}  "
        f"violations {account.violations}  unserved {unserved_of(account):.1f} MWh  "
        f"wall {wall:.0f} s  processor {cpu:.0f} s"
    )
    said = ", ".join(f"{each['p95']:.2%} off the {what}" for what, each in off.items())
    print(f"{'':12s} tracking p95 of the connection: {said}", flush=True)
    return cost


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
    plant = read_plant(ROOT / "examples" / "county-base").plant
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "series.parquet")
        series_file(said.data.resolve(), file)
        prepared = prepare(
            plant, start=said.start, days=said.days, seed=1, folder=Path(folder), file=file
        )
        cost = {name: run(prepared, name, said.cycle) for name in NAMES}
    regret = {name: cost[name] - cost["perfect"] for name in NAMES[1:]}
    print(f"regret: ours {regret['ours']:,.0f}, persistence {regret['persistence']:,.0f}")
    print(f"ratio: {regret['ours'] / regret['persistence']:.1%} (must be 60 % or less)")


if __name__ == "__main__":
    main()

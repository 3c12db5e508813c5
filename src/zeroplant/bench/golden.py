"""Published answers, computed again: `run` says for each what was expected and what we got."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from zeroplant.axis import Axis
from zeroplant.bench.case import Case, case
from zeroplant.bench.figures import figures
from zeroplant.bench.published import model_energy, storage_investment
from zeroplant.errors import InputError, Problem
from zeroplant.solve import solve
from zeroplant.waist import Network

ENVIRONMENT = "ZEROPLANT_SHARED_DATA"
# (result, figure, relative tolerance); figures of the PyPSA project's example, solved by PyPSA.
MODEL_ENERGY = [
    ("objective", 8_078_135_675.451243, 1e-9),
    ("wind", 32_474.381, 1e-6),
    ("solar", 26_116.801, 1e-6),
    ("battery storage", 14_854.330, 1e-6),
    ("hydrogen storage", 3_786_558.312, 1e-6),
    ("electrolysis", 3_025.153, 1e-6),
    ("turbine", 10_073.615, 1e-6),
]
# Objectives of oemof.solph's example, versions 1 to 4, solved with HiGHS and Gurobi alike.
STORAGE_INVESTMENT = [112_686_100.332850, 34_853_801.711324, 31_926_875.247573, 148_062_863.919249]


def run(data: Path | str | None = None) -> list[Case]:
    """Every golden case: name, expected, got, relative_error and tolerance.

    Cases that need published inputs read them from ``data``, else from the folder that the
    environment variable ZEROPLANT_SHARED_DATA names, else from ../shared/data. Where inputs are
    absent, ``got`` is None and ``problem`` says why. Raises InputError if a folder that was
    named does not exist.
    """
    folder = data_folder(data)
    return [*peak_shaving(), *figures(), *_published(folder)]


def data_folder(data: Path | str | None = None) -> Path:
    """The folder of published inputs; see `run`."""
    named = data or os.environ.get(ENVIRONMENT)
    folder = Path(named or Path("..") / "shared" / "data")
    if named and not folder.is_dir():
        instead = f"name the folder of published inputs with --data or {ENVIRONMENT}"
        raise InputError(Problem(f"there is no folder {folder}", instead=instead))
    return folder


def peak_shaving() -> Iterator[Case]:
    """HOMER Grid's example of a demand charge: 100 kW, 200 kW in four hours of each day.

    0.10 $/kWh and 35 $/kW of each month's peak: 7,000 $ for the peak and 8,400 $ (30 days) or
    8,680 $ (31 days) for the energy of a month. In kW.
    """
    axis = Axis(datetime(2025, 3, 1, tzinfo=UTC), (31 + 30) * 24)
    net = Network(axis)
    bus = net.node("site", unit="kW")
    late = (axis.hour_of_day >= 16) & (axis.hour_of_day < 20)
    net.flow("load", take=bus, fixed=np.where(late, 200.0, 100.0))
    peak = net.size("peak", over="month", unit="kW")
    bought = net.flow("import", give=bus, cap=peak)
    net.line("grid", "energy", bought, 0.10, unit="kWh", kind="purchase")
    net.line("grid", "demand", peak, 35.0, unit="kW", kind="charge")
    solution = solve(net)
    energy = np.bincount(axis.groups("month"), solution.amounts(net.lines[0]))
    demand = 35.0 * solution.value(peak)
    for month, figure in enumerate((8_680.0, 8_400.0)):
        days = (31, 30)[month]
        yield case(f"HOMER Grid energy, {days} days", figure, float(energy[month]), 1e-9)
        yield case(f"HOMER Grid demand, {days} days", 7_000.0, float(demand[month]), 1e-9)


def _published(folder: Path) -> Iterator[Case]:
    yield from _model_energy(folder / "pypsa_model_energy")
    yield from _storage_investment(folder / "oemof_storage_investment")


def _model_energy(folder: Path) -> Iterator[Case]:
    named = [(f"PyPSA model-energy, {what}", figure, limit) for what, figure, limit in MODEL_ENERGY]
    if not folder.is_dir():
        yield from (_absent(name, figure, limit, folder) for name, figure, limit in named)
        return
    network = model_energy(folder)
    solution = solve(network)
    results = {size.name: solution.number(size) for size in network.sizes}
    results["objective"] = solution.objective
    for (name, figure, limit), (what, _, _) in zip(named, MODEL_ENERGY, strict=True):
        yield case(name, figure, results[what], limit)


def _storage_investment(folder: Path) -> Iterator[Case]:
    for version, figure in enumerate(STORAGE_INVESTMENT, start=1):
        name = f"oemof storage_investment v{version}"
        if folder.is_dir():
            objective = solve(storage_investment(folder, version)).objective
            yield case(name, figure, objective, 1e-8)
        else:
            yield _absent(name, figure, 1e-8, folder)


def _absent(name: str, expected: float, tolerance: float, folder: Path) -> Case:
    problem = f"its inputs are not at {folder}; name their folder with --data or {ENVIRONMENT}"
    return {**case(name, expected, None, tolerance), "problem": problem}

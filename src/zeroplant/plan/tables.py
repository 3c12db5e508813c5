"""Hourly results of a plan as a Parquet file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.files import atomic_path
from zeroplant.plan.report.subject import Subject

if TYPE_CHECKING:
    import pyarrow as pa

NAME = "hourly.parquet"


def write_tables(subject: Subject, folder: str | Path) -> Path:
    """Write flows, levels and node prices of every stage to ``folder/hourly.parquet``.

    ``time_utc`` is the start of the period, ``chain`` the name of the chain it belongs to; other
    columns are called ``<name>_<unit>``, as ``wind.output_mw`` or ``park_price_cny_per_mwh``.
    The schema's metadata hold the plant's name, its zone, the hours of a period, the chains'
    weights, and the unit of each column. Returns the path; raises InputError if it cannot write.
    """
    import pyarrow.parquet as pq

    path = Path(folder) / NAME
    with atomic_path(path) as temporary:
        pq.write_table(table(subject), temporary, compression="zstd")
    return path


def table(subject: Subject) -> pa.Table:
    """The same in memory."""
    import pyarrow as pa

    axis = subject.network.axis
    chains = pa.array([chain.name for chain in axis.chains], pa.string())
    number = pa.array(np.repeat(np.arange(len(axis.chains), dtype=np.int32), axis.periods))
    times = np.tile(axis.times, len(axis.chains))
    data = {
        "time_utc": pa.array(times, pa.timestamp("s")).cast(pa.timestamp("s", tz="UTC")),
        "chain": pa.DictionaryArray.from_arrays(number, chains),
    }
    units = {}
    for name, unit, values in _columns(subject):
        column = _free(f"{name}_{suffix(unit)}", data)
        data[column], units[column] = pa.array(values), unit
    return pa.table(data).replace_schema_metadata(_metadata(subject, axis, units))


def _columns(subject: Subject) -> Iterator[tuple[str, str, Floats]]:
    """Name, unit and values of every column."""
    network, solution = subject.network, subject.solution
    for flow in network.flows:
        yield flow.name, flow.unit, solution.value(flow)
    for store in network.stores:
        yield store.name, store.unit, solution.value(store)
    for node in network.nodes:
        energy = f"{node.unit}h" if node.unit.endswith("W") else f"{node.unit}·h"
        unit = f"{subject.plant.currency}/{energy}"
        yield f"{node.name}_price", unit, solution.price(node)


def suffix(unit: str) -> str:
    """A unit at the end of a name: "CNY/MWh" → cny_per_mwh, "m3/s" → m3_per_s."""
    words = unit.lower().replace("/", "_per_").replace("·", "_")
    return re.sub(r"\W+", "_", words).strip("_") or "1"


def _free(name: str, taken: dict[str, pa.Array]) -> str:
    """The name, or with a number where two words of different kinds share it."""
    count = 2
    wanted = name
    while name in taken:
        name, count = f"{wanted}_{count}", count + 1
    return name


def _metadata(subject: Subject, axis: Axis, units: dict[str, str]) -> dict[str, str]:
    return {
        "plant": subject.plant.name,
        "zone": axis.zone,
        "hours": f"{axis.hours:g}",
        "currency": subject.plant.currency,
        "chains": json.dumps({c.name: c.weight for c in axis.chains}, ensure_ascii=False),
        "units": json.dumps(units, ensure_ascii=False),
    }

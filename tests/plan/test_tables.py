"""Hourly results read back from Parquet."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.plan.report import sample
from zeroplant.axis import Chain
from zeroplant.plan.tables import suffix, write_tables


def test_columns_are_the_solution(tmp_path: Path) -> None:
    """Every flow, level and price comes back bit for bit, with its unit, in the right chain."""
    chains = (Chain("dry year", 0.5), Chain("wet year", 0.5))
    plan = sample.result(time=sample.axis(6.0, 10, chains), terms=None, choices=())
    path = write_tables(plan, tmp_path / "out")
    assert [file.name for file in path.parent.iterdir()] == ["hourly.parquet"]
    table = pq.read_table(path)
    assert table.num_rows == plan.network.axis.stages
    for flow in plan.network.flows:
        name = f"{flow.name}_mw"
        np.testing.assert_array_equal(table[name].to_numpy(), plan.solution.value(flow))
    level = table["battery.level_mwh"].to_numpy()
    np.testing.assert_array_equal(level, plan.solution.value(plan.network.stores[0]))
    price = table["park_price_cny_per_mwh"].to_numpy()
    np.testing.assert_array_equal(price, plan.solution.price(plan.network.nodes[0]))
    assert table["chain"].to_pylist() == ["dry year"] * 40 + ["wet year"] * 40
    first = table["time_utc"].to_pylist()
    assert first[0] == first[40] == datetime(2024, 12, 31, 16, tzinfo=UTC)
    assert first[1].hour == 22


def test_metadata(tmp_path: Path) -> None:
    """Units, plant, zone and weights stand in the schema, for readers that know nothing of us."""
    plan = sample.result(time=sample.axis(6.0, 2), terms=None, choices=())
    found = pq.read_schema(write_tables(plan, tmp_path)).metadata
    assert found[b"plant"].decode() == plan.plant.name
    assert found[b"zone"] == b"Asia/Shanghai"
    assert json.loads(found[b"units"])["park_price_cny_per_mwh"] == "CNY/MWh"
    assert json.loads(found[b"chains"]) == {"base": 1.0}


@pytest.mark.parametrize(
    ("unit", "end"),
    [("MW", "mw"), ("CNY/MWh", "cny_per_mwh"), ("m3/s", "m3_per_s"), ("MW·h", "mw_h"), ("", "1")],
)
def test_suffix(unit: str, end: str) -> None:
    """Units become the end of a column's name."""
    assert suffix(unit) == end

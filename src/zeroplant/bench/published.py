"""Published problems rebuilt as networks from their published inputs, which are not shipped."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from zeroplant.axis import Axis, Floats
from zeroplant.waist import Network
from zeroplant.waist.money import annuity

Row = dict[str, str]


def model_energy(folder: Path) -> Network:
    """PyPSA's example "model-energy": wind, sun, a battery and a hydrogen chain serve one demand.

    Read from the CSV folder of the PyPSA project (CC-BY-4.0). Conventions: links are sized at
    their input, a storage unit's power caps charge and discharge alike, stores are cyclic,
    capital costs are yearly and counted as they stand.
    """
    series, demand = (
        _columns(folder / "generators-p_max_pu.csv"),
        _columns(folder / "loads-p_set.csv"),
    )
    hours = float(_rows(folder / "snapshots.csv")[0]["objective"])
    net = Network(Axis(datetime(2019, 1, 1, tzinfo=UTC), len(demand["demand"]), hours=hours))
    electricity = net.node("electricity")
    net.flow("demand", take=electricity, fixed=demand["demand"], role="load")
    for row in _rows(folder / "generators.csv"):
        name, cost = row["name"], float(row["marginal_cost"])
        if row["p_nom_extendable"] == "False":
            net.flow(name, give=electricity, cap=float(row["p_nom"]), cost=cost)
            continue
        size = net.size(name)
        net.line(name, "annuity", size, float(row["capital_cost"]), unit="MW", kind="investment")
        net.flow(name, give=electricity, cap=series[name] * size, cost=cost, role="generation")
    _battery(net, _rows(folder / "storage_units.csv")[0])
    _hydrogen(net, _rows(folder / "links.csv"), _rows(folder / "stores.csv")[0])
    return net


def _battery(net: Network, row: Row) -> None:
    power = net.size(row["name"])
    net.line(row["name"], "annuity", power, float(row["capital_cost"]), kind="investment")
    charge = net.flow("charge", take=net.nodes[0], cap=power)
    discharge = net.flow("discharge", give=net.nodes[0], cap=power)
    efficiency = float(row["efficiency_store"]), float(row["efficiency_dispatch"])
    net.store(
        "charge of the battery", fill={charge: efficiency[0]}, drain={discharge: 1 / efficiency[1]},
        cap=float(row["max_hours"]) * power,
    )  # fmt: skip


def _hydrogen(net: Network, links: list[Row], store: Row) -> None:
    hydrogen = net.size(store["name"], unit="MWh")
    cost = float(store["capital_cost"])
    net.line(store["name"], "annuity", hydrogen, cost, unit="MWh", kind="investment")
    flows = {}
    for row in links:
        size, efficiency = net.size(row["name"]), float(row["efficiency"])
        net.line(row["name"], "annuity", size, float(row["capital_cost"]), kind="investment")
        if row["bus0"] == "electricity":
            flows["fill"] = {net.flow(row["name"], take=net.nodes[0], cap=size): efficiency}
        else:
            give = {net.nodes[0]: efficiency}
            flows["drain"] = {net.flow(row["name"], give=give, cap=size): 1.0}
    net.store("hydrogen", fill=flows["fill"], drain=flows["drain"], cap=hydrogen)


def storage_investment(folder: Path, version: int) -> Network:
    """Oemof's example "storage_investment" in its version 1 … 4 (MIT, oemof developer group).

    kW and kWh. Wind and sun are sized (1, 4) or given (2, 3) and feed in whether wanted or not;
    fuel is bought (1, 2) or free and limited (3, 4); a storage sized by its energy. The excess
    is free.
    """
    table = _columns(folder / "storage_investment.csv")
    net = Network(Axis(datetime(2013, 1, 1, tzinfo=UTC), len(table["demand_el"])))
    bus = net.node("electricity", unit="kW")
    demand = table["demand_el"]
    net.flow("demand", take=bus, fixed=demand, role="load")
    net.flow("excess", take=bus)
    yearly = annuity(0.05, 20) * 1000.0
    for name, given in (("wind", 1_000_000.0), ("pv", 600_000.0)):
        if version in (2, 3):
            net.flow(name, give=bus, fixed=table[name] * given)
        else:
            size = net.size(name, unit="kW")
            net.line(name, "annuity", size, yearly, unit="kW", kind="investment")
            net.flow(name, give=bus, fixed=table[name] * size)
    price = 0.04 if version in (1, 2) else 0.0
    fuel = net.flow("fuel", give={bus: 0.58}, cost=price, unit="kW")
    if not price:
        net.budget("fuel of the year", fuel, at_most=float(0.2 * demand.sum() / 0.58))
    energy = net.size("storage", unit="kWh")
    net.line("storage", "annuity", energy, yearly, unit="kWh", kind="investment")
    charge = net.flow("charge", take=bus, cap=energy / 6, cost=0.0001)
    discharge = net.flow("discharge", give=bus, cap=energy / 6)
    net.store("content", fill={charge: 1.0}, drain={discharge: 1 / 0.8}, cap=energy, start=0.0)
    return net


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _columns(path: Path) -> dict[str, Floats]:
    """The numeric columns of a CSV file."""
    rows = _rows(path)
    columns = {}
    for name in rows[0]:
        try:
            columns[name] = np.array([float(row[name]) for row in rows])
        except ValueError:
            continue  # a column of dates
    return columns

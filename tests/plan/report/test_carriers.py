"""Carriers beside electricity and findings, in the report."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.plan.report import sample
from zeroplant.assets import Finding
from zeroplant.axis import Axis
from zeroplant.plan.report.facts import gather
from zeroplant.plan.report.facts.carriers import balances
from zeroplant.plan.report.facts.energy import flow_years
from zeroplant.plan.report.html import write_html
from zeroplant.plan.report.xlsx import write_xlsx
from zeroplant.solve import solve
from zeroplant.waist import Network


def hydrogen() -> Network:
    """Two days of an electrolyser that makes 20 kg/h from 1 MW, in two parts, for a buyer."""
    net = Network(Axis(datetime(2025, 1, 1, tzinfo=UTC), 48))
    park, gas = net.node("park"), net.node("gas works", carrier="hydrogen", unit="kg/h")
    own = net.node("maker.water", carrier="water", unit="t/h")
    net.flow("grid.import", give=park, cap=5.0, cost=100.0, role="import", who="grid")
    net.flow("maker.rain", give=own, fixed=1.0, unit="t/h", who="maker")
    net.flow("maker.drain", take=own, unit="t/h", who="maker")
    for part, most in (("first", 0.75), ("second", 0.25)):
        net.flow(f"maker.{part}", take=park, give={gas: 20.0}, cap=most, role="conversion",
                 who="maker")  # fmt: skip
    net.flow("buyer.sale", take=gas, fixed=20.0, unit="kg/h", role="export", who="buyer")
    return net


def test_a_node_of_hydrogen_has_its_own_balance() -> None:
    """*Proves:* 20 kg/h over a year of 8,760 h are 175.2 t in and out, the larger part first; the
    maker's own water and all electricity are left to others. *A wrong answer would be:* the 0.96 t
    of the two days, or kg.
    """
    net = hydrogen()
    (found,) = balances(net, solve(net))
    assert (found.node, found.carrier, found.unit) == ("gas works", "hydrogen", "t")
    assert [row.name for row in found.supply] == ["maker.first", "maker.second"]
    assert sum(row.amount for row in found.supply) == pytest.approx(175.2)
    assert [(row.name, row.amount) for row in found.use] == [("buyer.sale", pytest.approx(-175.2))]


def test_parts_that_do_the_same_are_one_row_of_energy() -> None:
    """*Proves:* two steps of one converter are one row, with the peak of their sum, 1 MW."""
    net = hydrogen()
    rows = {row.name: row for row in flow_years(net, solve(net))}
    assert set(rows) == {"grid.import", "maker.electricity used"}
    assert rows["maker.electricity used"].peak == pytest.approx(1.0)
    assert rows["maker.electricity used"].mwh == pytest.approx(8760.0)


def test_findings_are_told_in_both_languages(planned: sample.Result, tmp_path: Path) -> None:
    """*Proves:* a finding stands under its asset with title, value, unit and note; a share is in
    percent. Without findings the section is not there.
    """
    wait = Finding("wait", 4.25, "min", ("Longest wait", "最长等待"), ("simulated", "仿真"))
    share = Finding("served", 0.995, "1", ("Served as promised", "按承诺服务"))
    cost = Finding("abatement", 300.0, "money/tCO2", ("Abatement cost", "减排成本"))
    write_html(replace(planned, findings={"wind": [wait, share, cost]}), tmp_path / "with.html")
    page = (tmp_path / "with.html").read_text(encoding="utf-8")
    for words in ("Longest wait", "最长等待", "4.25 min", "仿真", "99.5 %", "300 CNY/tCO₂"):
        assert words in page
    write_html(planned, tmp_path / "without.html")
    assert 'id="findings"' not in (tmp_path / "without.html").read_text(encoding="utf-8")
    assert gather(planned).findings == []


def test_the_workbook_has_them_where_there_are_any(planned: sample.Result, tmp_path: Path) -> None:
    """*Proves:* hydrogen's balance and a finding fill a sheet each, which a plant without them
    does not have.
    """
    import openpyxl

    net = hydrogen()
    said = {"wind": [Finding("served", 0.5, "1", ("Served", "服务"), ("as promised", "按承诺"))]}
    plain = replace(planned, finance=None)
    write_xlsx(replace(plain, network=net, solution=solve(net), findings=said), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [cell.value for cell in book["Findings 专项"][3]] == [
        "wind", "Served 服务", 0.5, "", "as promised 按承诺"]  # fmt: skip
    amounts = [row[3].value for row in book["Carriers 介质"].iter_rows(min_row=3)]
    assert sum(amounts) == pytest.approx(0.0, abs=1e-6)
    assert max(amounts) == pytest.approx(131.4)
    write_xlsx(plain, tmp_path / "b.xlsx")
    assert "Findings 专项" not in openpyxl.load_workbook(tmp_path / "b.xlsx").sheetnames


def test_three_of_a_kind_stand_side_by_side(planned: sample.Result, tmp_path: Path) -> None:
    """*Proves:* three batteries are one table, a column each, and a figure that only one of them
    has leaves the others' cells empty. *A wrong answer would be:* three blocks one after the other.
    """
    wait = Finding("wait", 1.5, "min", ("Wait", "等待"))
    swaps = Finding("swaps", 100.0, "1/d", ("Swaps", "换电"))
    battery = planned.plant.assets["battery"]
    plant = replace(planned.plant, assets=dict.fromkeys("abc", battery))
    said = {"a": [wait], "b": [wait, swaps], "c": [wait]}
    (group,) = gather(replace(planned, plant=plant, findings=said)).groups
    assert group.is_table
    assert [finding.key for finding in group.first_said] == ["wait", "swaps"]
    assert [list(found) for found in group.members.values()] == [
        ["wait"],
        ["wait", "swaps"],
        ["wait"],
    ]
    write_html(replace(planned, plant=plant, findings=said), tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count("1.5 min") == 3
    assert page.count("Swaps") == 1

"""The report of a run: figures, plan against actual, money, alarms; both languages on one page.

It has the style sheet, the script and the drawing of the plan's report.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from zeroplant.files import write_atomic
from zeroplant.operate.alarms import AlarmChange
from zeroplant.plan.report.charts.course import Line, curves
from zeroplant.plan.report.charts.page import Chart
from zeroplant.plan.report.figures import number
from zeroplant.plan.report.html import environment
from zeroplant.plan.report.text import Text, same
from zeroplant.twin.faults import MEANING
from zeroplant.twin.outcome import day_ahead, latest_plan
from zeroplant.twin.phrases import KINDS, WORDS
from zeroplant.twin.run import Simulation
from zeroplant.twin.tables import answered

MOST_ROWS = 40


def write_report(run: Simulation, figures: dict[str, Any], path: Path) -> None:
    """Write the report as one self-contained page."""
    write_atomic(path, page(run, figures))


def page(run: Simulation, figures: dict[str, Any]) -> str:
    """The page's source."""
    template = environment("zeroplant.twin").get_template("operate.html.j2")
    return template.render(
        w=WORDS,
        figures=figures,
        name=figures["plant"],
        tiles=_tiles(figures),
        verdict=_verdict(figures),
        charts=_charts(run),
        rows=_rows(figures),
        energy=_energy(figures),
        ledger=_ledger(figures),
        faults=_faults(figures["faults"]),
        alarms=_alarms(run.alarms),
        reasons=_reasons(run),
        zone=run.prepared.known.network.axis.zone,
    )


def _charts(run: Simulation) -> list[Chart]:
    """Exchange, powers and levels, each as planned and as it came."""
    account = run.twin.account
    network, flows = account.physics.network, account.means()
    drawn = []
    export = flows[:, run._ends] @ run._sign
    planned = day_ahead(run)
    last = np.array([s.target[0] for s in run.schedules])[: len(export)]
    lines: list[Line] = [
        ("k-n1", WORDS["day_ahead"], planned),
        ("k-n2", WORDS["in_force"], np.pad(last, (0, len(export) - len(last)), mode="edge")),
        ("k-load", WORDS["actual"], export),
    ]
    drawn.append(_lines(run, WORDS["exchange_chart"], lines, "MW"))
    for flow in network.flows:
        values = flows[:, flow.index]
        if flow.role not in ("generation", "charge", "discharge", "load") or values.max() <= 0.0:
            continue
        plan = latest_plan(run, flow.name)
        both: list[Line] = [("k-n2", WORDS["in_force"], plan), ("k-load", WORDS["actual"], values)]
        drawn.append(_lines(run, same(f"{flow.name}"), both, flow.unit))
    for store in network.stores:
        level = account.levels[: account.stages, store.index]
        if np.ptp(level) > 0.0:
            said: list[Line] = [("k-load", WORDS["actual"], level)]
            drawn.append(_lines(run, same(store.name), said, store.unit))
    return drawn[:MOST_ROWS]


def _lines(run: Simulation, caption: Text, lines: Sequence[Line], unit: str) -> Chart:
    """Curves over the run."""
    local = run.prepared.truth.network.axis.local[: len(lines[0][2])]
    return curves(caption, local, lines, unit)


def _tiles(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures one looks for first, with whether they are good."""
    currency, tracking = figures["currency"], figures["tracking_error"]["p95"]
    violations = figures["envelope_violations"]
    beyond = figures["unserved_mwh"] - figures["planned_unserved_mwh"]
    tiles = [
        (WORDS["cost"], f"{figures['cost']:,.0f} {currency}", None, WORDS["cost_remark"]),
        (WORDS["tracking"], f"{100 * tracking:.2f} %", tracking <= 0.02, WORDS["tracking_remark"]),
        (WORDS["violations"], str(violations), violations == 0, WORDS["violations_remark"]),
        (WORDS["unserved"], f"{figures['unserved_mwh']:,.2f} MWh", beyond <= 1e-6,
         WORDS["unserved_remark"]),
    ]  # fmt: skip
    regret = figures["regret"]
    if regret is not None:
        tiles.append((WORDS["regret"], f"{regret['ours']:,.0f} {currency}",
                      regret["ours"] <= 0.6 * regret["persistence"],
                      WORDS["regret_remark"]))  # fmt: skip
    return [
        {"name": name, "value": value, "remark": remark,
         "cls": "" if good is None else "good" if good else "bad"}
        for name, value, good, remark in tiles
    ]  # fmt: skip


def _verdict(figures: dict[str, Any]) -> Text:
    """One sentence on how the run went."""
    good = (
        figures["envelope_violations"] == 0
        and figures["unserved_mwh"] <= figures["planned_unserved_mwh"] + 1e-6
    )
    pattern = WORDS["verdict_good"] if good else WORDS["verdict_bad"]
    return pattern.format(str(figures["days"]), str(figures["cycles"]))


def _rows(figures: dict[str, Any]) -> list[tuple[Text, str]]:
    """What else came of it."""
    rows = [
        (WORDS["achievable"], f"{100 * figures['tracking_error_achievable']['p95']:.2f} %"),
        (WORDS["worst"], f"{figures['worst_excess_mw']:.2f} MW"),
        (WORDS["curtailed"], f"{figures['curtailed_mwh']:,.1f} MWh"),
        (WORDS["planned_unserved"], f"{figures['planned_unserved_mwh']:,.2f} MWh"),
    ]
    for key, each in figures["forecast_skill"].items():
        told = f"{100 * each['rmse']:.1f} % · {100 * each['persistence']:.1f} %"
        rows.append((WORDS["skill"].format(key), told))
    for name, value in figures["kinds"].items():
        who, _, what = name.partition(": ")
        said = KINDS.get(what, same(what))
        rows.append((Text(f"{who}: {said.en}", f"{who}：{said.zh}"), number(float(value), 4)))
    solver = figures["solver"]
    status = ", ".join(f"{count} {name}" for name, count in solver["status"].items())
    rows.append((WORDS["schedules"], f"{status}; p95 {1e3 * solver['seconds_p95']:.0f} ms"))
    commands = ", ".join(f"{name} {count}" for name, count in figures["commands"].items())
    rows.append((WORDS["commands"], commands))
    return rows


def _energy(figures: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (name, f"{each['energy']:,.1f}",
         f"{each['curtailed']:,.1f}" if "curtailed" in each else "")
        for name, each in figures["energy_mwh"].items()
    ]  # fmt: skip


def _ledger(figures: dict[str, Any]) -> list[tuple[str, str]]:
    ordered = sorted(figures["ledger"].items(), key=lambda each: -abs(each[1]))
    return [(name, f"{-amount:,.0f}") for name, amount in ordered[:MOST_ROWS]]


def _faults(faults: list[dict[str, Any]]) -> list[tuple[Text, str, str, str]]:
    """What broke, where, in which hours of the run, and the alarms that answered."""
    return [
        (Text(*MEANING[each["kind"]]), each["device"] or "",
         f"{each['from_hours']:g}–{each['to_hours']:g} h", answered(each) or "–")
        for each in faults
    ]  # fmt: skip


def _alarms(changes: Sequence[AlarmChange]) -> list[dict[str, Any]]:
    """What was raised, the first of each first, with how often."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for change in changes:
        if change.change != "raised":
            continue
        alarm = change.alarm
        row = found.setdefault((alarm.code, alarm.key), {
            "at": change.at.isoformat()[:19].replace("T", " "), "count": 0,
            "severity": alarm.meaning.severity,
            "text": Text(alarm.meaning.cause.format(key=alarm.key, detail=alarm.detail),
                         alarm.meaning.cause_zh.format(key=alarm.key, detail=alarm.detail)),
        })  # fmt: skip
        row["count"] += 1
    return list(found.values())[:MOST_ROWS]


def _reasons(run: Simulation) -> list[tuple[str, Text, str]]:
    """Why the plan was as it was: the dearest limits, the first of each."""
    found: dict[str, tuple[str, Text, float]] = {}
    for schedule in run.schedules:
        for reason in schedule.reasons:
            known = found.get(reason.what)
            if known is None or abs(reason.price) > abs(known[2]):
                when = (schedule.start + reason.first * schedule.step).isoformat()[:16]
                said = Text(reason.en, reason.zh)
                found[reason.what] = (when.replace("T", " "), said, reason.price)
    dearest = sorted(found.values(), key=lambda each: -abs(each[2]))[:15]
    return [(when, said, f"{price:,.1f}") for when, said, price in dearest]

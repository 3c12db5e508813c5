"""A plan as plain data, for machines: what ``zeroplant plan --json`` writes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from zeroplant.plan.electricity import is_electric, sent, taken
from zeroplant.plan.result import Cure, Finance, PlanResult
from zeroplant.plan.risk import Outcomes
from zeroplant.rules import measured_account
from zeroplant.waist import Flow, Node


def summary(result: PlanResult) -> dict[str, Any]:
    """The plan as JSON-ready data.

    Money in the plant's currency and energy in MWh, both per year of 8,760 h except
    ``objective`` and ``ledger``, which are sums over the whole axis (``years`` long). A ledger
    amount is money the plant pays, negative where it receives; the amounts add up to the
    objective. ``scenarios`` and ``risk`` are filled where there is more than one outcome.
    """
    solution = result.solution
    return {
        "status": solution.status,
        "plant": result.plant.name,
        "currency": result.plant.currency,
        "years": result.network.axis.years,
        "objective": solution.objective,
        "sizes": {name: value for name, (value, _) in result.sizes.items()},
        "size_units": {name: unit for name, (_, unit) in result.sizes.items()},
        "energy_mwh": energy(result),
        "ledger": [asdict(entry) for entry in solution.ledger],
        "finance": {} if result.finance is None else _finance(result.finance),
        "rules": [*_rules(result), *_carbon_cap(result)],
        "carbon": asdict(result.carbon),
        "cures": [_cure(cure) for cure in result.cures],
        "findings": {
            name: {each.key: {"value": each.value, "unit": each.unit} for each in said}
            for name, said in result.findings.items()
        },
        "prices": {node.name: _mean_price(result, node) for node in result.network.nodes},
        "shadow_prices": _shadow_prices(result),
        **_outcomes(result.outcomes),
        "solver": {
            "name": solution.solver,
            "seconds": solution.seconds,
            "gap": float(solution.gap),
            "stages": result.network.axis.stages,
        },
        "seconds": result.seconds,
    }


def energy(result: PlanResult) -> dict[str, float]:
    """Yearly energy of every flow, by name, and what wind and sun could have made beside it.

    A flow of electricity counts at the node it gives to, or takes from; a flow of water through
    a turbine counts as the electricity it makes.
    """
    axis = result.network.axis
    flows = {
        flow.name: _energy(result, flow) / axis.years
        for flow in result.network.flows
        if flow.unit == "MW" or is_electric(flow.give) or is_electric(flow.take)
    }
    account = measured_account(result.built.account, result.solution)
    curtailed = account["new_energy_available"] - account["new_energy_generated"]
    return {**flows, "curtailed": max(0.0, curtailed / axis.years)}


def _energy(result: PlanResult, flow: Flow) -> float:
    solution = result.solution
    if is_electric(flow.give):
        return solution.network.axis.total(sent(solution, [flow]))
    if is_electric(flow.take):
        return solution.network.axis.total(taken(solution, [flow]))
    return solution.total(flow)


def _finance(finance: Finance) -> dict[str, Any]:
    appraisal = finance.appraisal
    return {
        **asdict(appraisal.measures),
        "tornado": [bar._asdict() for bar in finance.tornado],
        "notes": [note.english for note in appraisal.notes],
        "statement": {line.key: line.values.tolist() for line in appraisal.statement},
    }


def _rules(result: PlanResult) -> list[dict[str, Any]]:
    shadow = {
        (laid.pack.name, laid.indicator.name): float(result.solution.shadow(laid.budget)[0])
        for laid in result.built.laid
    }
    return [
        {
            "rule": f"{rule.rule}: {rule.indicator}",
            "value": rule.value,
            "limit": rule.limit,
            "unit": rule.unit,
            "sense": rule.sense,
            "met": rule.met,
            "margin": rule.margin,
            "binding": rule.binding,
            "shadow_price": shadow.get((rule.rule, rule.indicator)),
            "source": rule.source,
            "confidence": rule.confidence,
        }
        for rule in result.rules
    ]


def _carbon_cap(result: PlanResult) -> list[dict[str, Any]]:
    """The plant's own cap on its yearly emissions, as a rule beside the others."""
    cap, limit = result.built.carbon_cap, result.plant.carbon.cap
    if cap is None or limit is None:
        return []
    value = result.carbon.emissions
    return [
        {
            "rule": cap.name,
            "value": value,
            "limit": limit,
            "unit": "tCO2",
            "sense": "<=",
            "met": value <= limit + 1e-6 * (1.0 + limit),
            "margin": limit - value,
            "binding": True,
            "shadow_price": float(result.solution.shadow(cap)[0]),
            "source": "set by the plant file",
            "confidence": "high",
        }
    ]


def _outcomes(found: Outcomes | None) -> dict[str, Any]:
    """What each scenario and weather year costs in a year, and how bad the bad ones are."""
    if found is None:
        return {"scenarios": [], "risk": {}}
    said = asdict(found)
    return {"scenarios": said.pop("each"), "risk": said}


def _cure(cure: Cure) -> dict[str, Any]:
    english, chinese = cure.words
    return {**asdict(cure), "words": {"en": english, "zh": chinese}}


def _mean_price(result: PlanResult, node: Node) -> float:
    return float(np.average(result.solution.price(node), weights=result.network.axis.weight))


def _shadow_prices(result: PlanResult) -> list[dict[str, Any]]:
    """Rules over time that bind, with what one unit more of their limit changes in the objective.

    One value per part of the horizon: per month, per day, or one for all of it.
    """
    found = []
    for budget in result.network.budgets:
        values = result.solution.shadow(budget) if budget.integrates else np.zeros(1)
        if np.any(np.abs(values) > 1e-6):
            per = f"{result.plant.currency}/{budget.unit}"
            found.append({"rule": budget.name, "unit": per, "values": values.tolist()})
    return found

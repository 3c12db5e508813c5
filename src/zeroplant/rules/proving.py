"""Rules on measured results: every indicator's value beside its limit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zeroplant.rules.account import complete, with_given
from zeroplant.rules.evaluators import Indicator, Sense
from zeroplant.rules.figures import Confidence, IndicatorSpec
from zeroplant.rules.pack import Pack

TOLERANCE = 1e-6
"""How far a ratio may be on the wrong side of its limit by the rounding of a solver or a meter."""


@dataclass(frozen=True)
class RuleResult:
    """One indicator of one rule on one account.

    ``value`` is None where the account lacks a quantity (``missing`` names it) or the denominator
    is zero; ``met`` is None where it cannot be said. ``margin`` is the distance to the limit, in
    ``unit``, positive on the good side. ``binding`` is off for indicators that are only reported.
    What a MWh of the rule is worth is worth, by the unit ``counted``, 1/``per_mwh`` as much.
    """

    rule: str
    indicator: str
    value: float | None
    limit: float
    sense: Sense
    met: bool | None
    margin: float | None
    binding: bool
    title_en: str
    title_zh: str
    rule_en: str
    rule_zh: str
    source: str
    confidence: Confidence
    note: str = ""
    missing: str = ""
    unit: str = "1"
    counted: str = "MWh"
    per_mwh: float = 1.0


def check(
    packs: Iterable[Pack], account: Mapping[str, float], *, years: float = 1.0
) -> list[RuleResult]:
    """Every indicator of the packs on the quantities of ``years`` years.

    Raises InputError for names that are no quantities of the account.
    """
    results = []
    for pack in packs:
        given = {name: value * years for name, value in pack.given.items()}
        numbers = complete(with_given(account, given))
        results += [result(pack, spec, numbers) for spec in pack.indicators]
    return results


def result(pack: Pack, spec: IndicatorSpec, numbers: Mapping[str, float]) -> RuleResult:
    """One indicator on a complete account; see `check`."""
    value = margin = met = None
    missing, counted, per_mwh = "", "MWh", 1.0
    try:
        indicator = pack.evaluate(spec, numbers)
    except KeyError as error:
        missing = str(error.args[0])
    else:
        met = is_met(indicator)
        if indicator.unit != "MWh":
            counted, per_mwh = indicator.unit, indicator.per_mwh
        if indicator.denominator:
            value = indicator.numerator / indicator.denominator
            margin = value - indicator.limit if spec.sense == ">=" else indicator.limit - value
    parameter = pack.parameters[spec.limit]
    notes = [spec.note, parameter.note, *pack.doubts(spec), pack.expiry]
    return RuleResult(
        rule=pack.name,
        indicator=spec.name,
        value=value,
        limit=pack.figure(spec.limit),
        sense=spec.sense,
        met=met,
        margin=margin,
        binding=spec.binding,
        title_en=spec.title.en,
        title_zh=spec.title.zh,
        rule_en=pack.title.en,
        rule_zh=pack.title.zh,
        source=f"{pack.document}; {parameter.source}",
        confidence=pack.confidence(spec),
        note="; ".join(note for note in notes if note),
        missing=missing,
        unit=parameter.unit,
        counted=counted,
        per_mwh=per_mwh,
    )


def is_met(indicator: Indicator[float]) -> bool:
    """Whether the rule is kept, to the rounding of a solver; also where nothing is consumed."""
    allowed = TOLERANCE * abs(indicator.denominator) * max(1.0, abs(indicator.limit))
    return indicator.slack >= -allowed / indicator.per_mwh

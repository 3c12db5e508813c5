"""Why a plan is as it is: the very sentences of the planner, for people."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from zeroplant.axis import Axis
from zeroplant.operate.reasons import _amount, _words
from zeroplant.operate.schedule import Reason
from zeroplant.plan.report.names import Names
from zeroplant.portal.why import why_told
from zeroplant.waist import Network

NAMES = Names({"battery": "battery", "corridor": "swap_station"})


def told(name: str, unit: str, reduced: float, currency: str = "CNY") -> tuple[str, str]:
    """What is shown of a flow that rests, as the planner says it."""
    flow = Network(Axis(datetime(2025, 6, 1, tzinfo=UTC), 2)).flow(name, unit=unit)
    en, zh = _words(flow, reduced, "", rests=reduced > 0)
    return why_told(Reason(0, 1, name, abs(reduced), en, zh), NAMES, currency)


@pytest.mark.parametrize("currency", ["CNY", "EUR"])
def test_amounts_are_in_the_plants_money(currency: str) -> None:
    en, zh = told("battery.charge", "MW", 48.0, currency)
    assert en == f"battery charge rests: 1 MW of it would cost 48 {currency}/h more than it brings"
    yuan = {"CNY": "元"}.get(currency, currency)
    assert zh == f"battery 充电不动作：若动作 1 MW，代价比收益高 48 {yuan}/h"


def test_what_is_counted_and_very_dear_can_be_read() -> None:
    en, zh = told("corridor.missed", "1/h", -1746460.0)
    assert "one per hour more would save 1.75 M CNY/h" in en
    assert "多 1 个/小时 可节省 175 万元/h" in zh


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((1.16e-05, 63.4), "0…63.4 MW"), ((5.48e-05, 5.48e-05), "0 MW"), ((0.0474,), "0.047 MW"),
        ((12.0, 12.04), "12 MW"), ((1_234_567.0,), "1,234,567 MW"), ((-1e-9, 0.0), "0 MW"),
    ],
)  # fmt: skip
def test_amounts_are_as_fine_as_their_size_needs(values: tuple[float, ...], said: str) -> None:
    assert _amount(np.array(values), "MW") == said

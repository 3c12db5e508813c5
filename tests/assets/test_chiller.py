"""Chillers: compression by the air or at a COP, absorption by heat."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.park import answer, found, site_of
from tests.assets.small import axis, load, near, of
from zeroplant.assets.chiller import Chiller
from zeroplant.errors import InputError

NODES = {"park": "electricity", "steam": "lp steam", "cold": "chilled water"}


def chiller(**words: Any) -> Chiller:
    """10 MW of chilled water."""
    return Chiller(**{"kind": "chiller", "at": "park", "to": "cold", "power": 10.0, **words})


def test_compression_at_a_cop() -> None:
    """*Proves:* 11 MW of cold at a COP of 5.5 take 2 MW, over the rating is unserved. *A wrong
    answer would be:* 1.7 MW (a COP of heating).
    """
    plan = answer(
        {"use": load(11.0, at="cold"), "c": chiller(cop=5.5, power=11.0)}, axis(1), NODES,
        bought={"park": 1.0},
    )  # fmt: skip
    assert near(of(plan, "park bought"), 2.0)


def test_compression_by_the_outdoor_air() -> None:
    """*Proves:* in air of 25 and 35 °C water of 7 °C is made at 0.55·280.15/28 and /38; cold air
    gives no more than the highest COP. *A wrong answer would be:* one COP for the year.
    """
    hours = axis(3)
    c = chiller()
    assert c.needs_weather
    plan = answer(
        {"use": load(1.0, at="cold"), "c": c}, hours, NODES, bought={"park": 1.0},
        site=site_of(hours, [25.0, 35.0, 0.0]),
    )  # fmt: skip
    cops = np.array([0.55 * 280.15 / 28, 0.55 * 280.15 / 38, 8.0])
    assert near(of(plan, "park bought"), 1.0 / cops)
    assert near(found(plan, "c", c)["seasonal_cop"].value, 3 / (1 / cops).sum())


@pytest.mark.parametrize(("words", "heat"), [({}, 10 / 0.7), ({"cop": 1.2}, 10 / 1.2)])
def test_absorption_is_driven_by_heat(words: dict[str, Any], heat: float) -> None:
    """*Proves:* 10 MW of cold take 14.3 MW of heat with one effect and 8.3 with two, and 0.2 MW of
    electricity. *A wrong answer would be:* electricity by the COP.
    """
    c = chiller(**{"from": "steam"}, **words)
    assert not c.needs_weather
    plan = answer(
        {"use": load(10.0, at="cold"), "c": c}, axis(1), NODES, bought={"park": 1.0, "steam": 1.0}
    )
    assert near(of(plan, "steam bought"), heat)
    assert near(of(plan, "park bought"), 0.2)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"cop": 5.0, "air": 20.0}, "'cop' says it all"),
        ({"cop": 5.0, "grade": 0.5, "cop_max": 7.0}, "leave out 'grade' and 'cop_max', or 'cop'"),
        ({"from": "steam", "air": 20.0}, "does not follow the air; leave out 'air'"),
        ({"from": "steam", "grade": 0.5}, "does not follow the air; leave out 'grade'"),
        ({"from": "steam", "cop": 6.0}, "a 'cop' of 6 is above 1.8, the most that heat drives"),
        ({"auxiliary": 0.02}, "'auxiliary' belongs to 'from'"),
        ({"cop": 21.0}, "21.0 is above 20"),
        ({"cop_max": 21.0}, "21.0 is above 20"),
        ({"supply": 60.0}, "60.0 is above 25 degC"),
        ({"air": -300.0}, "-300.0 is below -273.15 degC"),
    ],
)
def test_contradictions_are_named(words: dict[str, Any], message: str) -> None:
    """*Proves:* what cannot be is refused in the user's own words."""
    with pytest.raises(ValidationError, match=message):
        chiller(**words)


def test_a_series_of_cops_is_held_to_what_heat_drives() -> None:
    """*Proves:* a COP of compression in one hour is refused beside 'from' too."""
    c = chiller(**{"from": "steam"}, cop=np.array([1.2, 6.0]))
    with pytest.raises(InputError, match=r"a 'cop' of 6 is above 1\.8"):
        answer({"use": load(1.0, at="cold"), "c": c}, axis(2), NODES,
               bought={"park": 1.0, "steam": 1.0})  # fmt: skip

"""Quantities at the edges are read exactly, and refused in words a user can act on."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from zeroplant import units
from zeroplant.errors import InputError
from zeroplant.units import SizeRange, convert, parse

FILE = {"file": "plant.yaml"}


def read(kind: object, value: object, **context: object) -> object:
    return TypeAdapter(kind).validate_python(value, context={**FILE, **context})


def complaint(kind: object, value: object, **context: object) -> str:
    with pytest.raises(ValidationError) as caught:
        read(kind, value, **context)
    (error,) = caught.value.errors()
    return str(error["ctx"]["error"]) if "error" in error.get("ctx", {}) else error["msg"]


@pytest.mark.parametrize(
    ("text", "inside", "expected"),
    [
        ("50 MW", "MW", 50.0),
        ("350 kWh", "MWh", 0.35),
        ("0.35 CNY/kWh", "money/MWh", 350.0),
        ("0.35元/千瓦时", "money/MWh", 350.0),
        ("4500 CNY/kW", "money/MW", 4_500_000.0),
        ("3.5 万元/MW", "money/MW", 35_000.0),
        ("35 CNY/kW/month", "money/MW/month", 35_000.0),
        ("35 CNY/(kW*month)", "money/MW/month", 35_000.0),
        ("35 CNY/kW/month", "money/MW/a", 420_000.0),
        ("0.05 CNY/W/a", "money/MW/a", 50_000.0),
        ("2.5 %/a", "1/a", 0.025),
        ("6 %", "1/a", 0.06),
        ("-0.35 %/degC", "1/K", -0.0035),
        ("-0.35 %/K", "1/K", -0.0035),
        ("20 degC", "degC", 20.0),
        ("-5 °C", "degC", -5.0),
        ("293.15 K", "degC", 20.0),
        ("36 km/h", "m/s", 10.0),
        ("10 kn", "m/s", 10 * 1852 / 3600),
        ("600 gCO2/kWh", "tCO2/MWh", 0.6),
        ("1 tce", "MWh", 8.141),  # 29.3076 GJ / 3.6
        ("1 bar", "Pa", 1e5),
        ("500 kVA", "MW", 0.5),
        ("1.2 亿m3", "m3", 1.2e8),
        ("88 %", "1", 0.88),
        ("8.5e2kWh", "MWh", 0.85),
        ("20 a", "a", 20.0),
        ("15 min", "h", 0.25),
        ("0", "MW", 0.0),
    ],
)
def test_written_quantities(text: str, inside: str, expected: float) -> None:
    """Proves each spelling against figures worked out by hand; exact, not to a tolerance.

    A float chain of factors would give 350.00000000000006 for the third.
    """
    assert parse(text, inside) == expected


@pytest.mark.parametrize(
    ("text", "inside", "message"),
    [
        ("50 MWh", "MW", "'50 MWh' is an energy; write a power such as '50 MW'"),
        ("50", "MW", "50 has no unit; write it with its unit, such as '50 kW' or '50 MW'"),
        ("282", "MWh", "282 has no unit; write it with its unit, such as '282 kWh' or '282 MWh'"),
        ("70", "m/s", "70 has no unit; write it with its unit, such as '70 km/h' or '70 m/s'"),
        ("3", "m", "3 has no unit; write it with its unit, such as '3 m' or '3 km'"),
        (
            "1800 kWh",
            "MWh/a",
            "'1800 kWh' is an energy; write a quantity in MWh/a such as '1800 kWh/a'",
        ),
        ("282 kWh", "MW", "'282 kWh' is an energy; write a power such as '282 kW'"),
        ("50 Mw", "MW", "'Mw' is not a unit; did you mean 'MW'?"),
        ("1,200 m", "m", "'1,200 m' has separators inside the number; write '1200 m'"),
        ("1 200 m", "m", "'1 200 m' has separators inside the number; write '1200 m'"),
        ("1,5 MW", "MW", "'1,5 MW' is not a power; write one such as '50 MW'"),
        ("nan MW", "MW", "'nan MW' is not a finite number; write one such as '50 MW'"),
        ("-.inf", "MW", "'-.inf' is not a finite number; write one such as '50 MW'"),
        ("1e999 MW", "MW", "'1e999 MW' is not a finite number; write one such as '50 MW'"),
        ("1e307 GW", "MW", "'1e307 GW' is not a finite number; write one such as '50 MW'"),
        ("lots\nof", "MW", "'lots of' is not a power; write one such as '50 MW'"),
        ("lots", "MW", "'lots' is not a power; write one such as '50 MW'"),
        ("", "MW", "'' is not a power; write one such as '50 MW'"),
        ("50 MW)", "MW", "'MW)' is not a unit; write one such as 'MW'"),
        (
            "9 EUR/MWh",
            "money/MWh",
            "'EUR' is not the plant's currency, CNY; write the amount in CNY",
        ),
        (
            "0.35 CNY/kWh",
            "money/MW",
            "'0.35 CNY/kWh' is a price of energy; write a price of power such as '0.35 CNY/kW'",
        ),
    ],
)
def test_refusals_say_what_to_write(text: str, inside: str, message: str) -> None:
    """Proves the whole line a user reads."""
    with pytest.raises(InputError) as caught:
        parse(text, inside)
    assert str(caught.value) == message


def test_price_of_power_is_never_a_price_of_energy() -> None:
    """A price per kW and month has the dimensions of one per kWh; plain pint would accept it."""
    for text, inside in [
        ("35 CNY/kW/month", "money/MWh"),
        ("0.35 CNY/kWh", "money/MW/a"),
        ("0.35 CNY/kWh", "money/MW/month"),
    ]:
        with pytest.raises(InputError, match="is a price of"):
            parse(text, inside)


@given(st.floats(-1e9, 1e9), st.sampled_from(["kW", "GW", "W", "万千瓦"]))
def test_there_and_back(value: float, unit: str) -> None:
    """Proves that no conversion loses more than rounding."""
    assert convert(convert(value, "MW", unit), unit, "MW") == pytest.approx(value, rel=1e-14)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Proves that no text gets past ``parse`` as another exception or a non-finite number."""
    try:
        number, line = parse(text, "MW"), ""
    except InputError as error:
        number, line = 0.0, str(error)
    assert math.isfinite(number)
    assert len(line.splitlines()) <= 1


def test_arrays_convert_with_their_zero() -> None:
    np.testing.assert_allclose(convert(np.array([0.0, 300.0]), "K", "degC"), [-273.15, 26.85])
    np.testing.assert_array_equal(convert(np.array([350.0]), "kW", "MW"), [0.35])


def test_files_need_units_where_python_does_not() -> None:
    """Proves law 1: a float from Python is MW already, a number in a file is refused."""
    assert TypeAdapter(units.Power).validate_python(50) == 50.0
    assert complaint(units.Power, 50).endswith("such as '50 kW' or '50 MW'")
    assert read(units.Power, 0) == 0.0
    assert read(units.Rate, 0.06) == 0.06
    assert read(units.YearlyRate, 0.02) == 0.02


def test_bounds_currency_and_wrong_types() -> None:
    assert complaint(units.Fraction, 88) == (
        "88 is above 1; write a share from 0 to 1, or with its sign as '88 %'"
    )
    positive = Annotated[float, units.Quantity("MW", gt=0)]
    assert complaint(positive, "0 MW") == "'0 MW' is not above 0 MW; write more than 0 MW"
    cold = "'-300 degC' is below -273.15 degC; write -273.15 degC or more"
    assert complaint(units.Temperature, "-300 degC") == cold
    assert read(units.Temperature, "0 K") == -273.15
    assert complaint(units.Power, True) == "true is not a power; write a power such as '50 MW'"
    assert complaint(units.Power, {}) == "a mapping is not a power; write a power such as '50 MW'"
    assert "not a finite number" in complaint(units.Power, 10**400)
    refusal = "'nan' is not a finite number; write one such as '50 MW'"
    assert complaint(units.Power, math.nan) == refusal
    assert read(units.EnergyPrice, "0.05 EUR/kWh", currency="EUR") == 50.0
    assert "plant's currency, EUR" in complaint(units.EnergyPrice, "350 元/MWh", currency="EUR")


def test_capacity_is_a_number_or_a_range() -> None:
    assert read(units.PowerCapacity, "50 MW") == 50.0
    assert read(units.PowerCapacity, {"max": "400 MW"}) == SizeRange(0, 400)
    assert read(units.EnergyCapacity, {"min": 0, "max": "1 GWh", "step": "5 MWh"}) == SizeRange(
        0, 1000, 5
    )
    given_ = SizeRange(1, 2)
    assert TypeAdapter(units.PowerCapacity).validate_python(given_) is given_
    assert TypeAdapter(units.PowerCapacity).validate_python({"max": 4}) == SizeRange(0, 4)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("-5 MW", "'-5 MW' is below 0 MW; write 0 MW or more"),
        ({"min": "9 MW", "max": "5 MW"}, "min 9 is above max 5; exchange the two"),
        ({"max": "9 MWh"}, "'9 MWh' is an energy; write a power such as '9 MW'"),
        ({"max": "9 MW", "step": "0 MW"}, "'0 MW' is not above 0 MW; write more than 0 MW"),
        (
            {"min": "1 MW", "max": "4 MW", "step": "5 MW"},
            "no whole number of steps of 5 lies between min and max; "
            "widen the range or write a smaller step",
        ),
        ({"maximum": "9 MW"}, "Extra inputs are not permitted"),
    ],
)
def test_capacity_refusals(value: object, message: str) -> None:
    assert complaint(units.PowerCapacity, value) == message


def test_range_from_python_is_checked() -> None:
    for wrong in [(-1, 1), (math.nan, 1), (0, math.nan), (math.inf, math.inf), (2, 1), (0, 1, -1)]:
        with pytest.raises(InputError):
            SizeRange(*wrong)


def test_schema_speaks_of_units() -> None:
    """Proves that editors are told the unit, an example and the members of a range."""

    class Asset(BaseModel):
        power: units.PowerCapacity
        price: units.EnergyPrice

    fields = Asset.model_json_schema()["properties"]
    assert fields["price"]["examples"] == ["50 CNY/kWh"]
    assert "money/MWh" in fields["price"]["description"]
    assert set(fields["power"]["anyOf"][1]["properties"]) == {"min", "max", "step"}


def test_json_of_a_model_reads_back() -> None:
    class Asset(BaseModel):
        power: units.PowerCapacity

    assert Asset(power=SizeRange(1, 5)).model_dump(mode="json")["power"] == {
        "min": 1.0,
        "max": 5.0,
        "step": None,
    }

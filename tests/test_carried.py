"""Quantities of whatever a node carries: read with their unit, turned into the node's unit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from zeroplant.assets.parts.carrier import Carrier
from zeroplant.errors import InputError
from zeroplant.plant import load_plant
from zeroplant.units import SizeRange
from zeroplant.units import carried as c
from zeroplant.units.amount import Amount, AmountRange, What
from zeroplant.waist import Node

FILE = {"file": "plant.yaml"}


def read(kind: Any, value: object, **context: object) -> Any:
    return TypeAdapter(kind).validate_python(value, context={**FILE, **context})


def complaint(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        read(kind, value)
    (error,) = caught.value.errors()
    return str(error.get("ctx", {}).get("error", error["msg"]))


def carrier(carried: str, unit: str) -> Carrier:
    return Carrier(Node(0, "there", carried, unit))


@pytest.mark.parametrize(
    ("kind", "what", "text", "unit", "expected"),
    [
        (c.CarriedPrice, "price", "25 CNY/kg", "kg/h", 25.0),
        (c.CarriedPrice, "price", "25 元/kg", "t/h", 25_000.0),
        (c.CarriedPrice, "price", "900 CNY/t", "t/h", 900.0),
        (c.CarriedPrice, "price", "0.3 CNY/kWh", "MW", 300.0),
        (c.CarriedPrice, "price", "814.1 CNY/tce", "MW", 100.0),
        (c.CarriedPrice, "price", "3 CNY/m3", "m3/s", 3.0),
        (c.CarriedPrice, "price", "80 CNY", "1/h", 80.0),
        (c.CarriedFlow, "flow", "200 kg/h", "t/h", 0.2),
        (c.CarriedFlow, "flow", "8760 t/a", "t/h", 1.0),
        (c.CarriedFlow, "flow", "3600 m3/h", "m3/s", 1.0),
        (c.CarriedFlow, "flow", "5 MW", "MW", 5.0),
        (c.CarriedAmount, "amount", "2 t", "kg/h", 2000.0),
        (c.CarriedFlowPrice, "flow price", "8.76 CNY/(kg/a)", "kg/h", 8.76 * 8760),
        (c.CarriedFactor, "emission factor", "9 kgCO2/kg", "kg/h", 0.009),
        (c.CarriedUse, "energy use", "2 kWh/kg", "kg/h", 0.002),
        (c.CarriedUse, "energy use", "2 %", "MW", 0.02),
        (c.CarriedPrice, "price", 0, "kg/h", 0.0),
    ],
)
def test_written_quantities_become_those_of_the_node(
    kind: Any, what: What, text: object, unit: str, expected: float
) -> None:
    """*Proves:* one field takes mass, energy and volume, and the node decides which it is.
    *A wrong answer would be:* 25 CNY/kg as 25 000 where the node counts kilograms.
    """
    assert carrier("x", unit).of("field", what, read(kind, text)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        (c.CarriedPrice, 25, "25 has no unit; write one such as '0.3 CNY/kWh', '25 CNY/kg', "
         "'900 CNY/t' or '3 CNY/m3'"),
        (c.CarriedPrice, "25", "25 has no unit; write one such as '0.3 CNY/kWh'"),
        (c.CarriedPrice, "dear", "'dear' is not a price of what the node carries; write one such"),
        (c.CarriedPrice, True, "true is not a price of what the node carries"),
        (c.CarriedPrice, None, "nothing is not a price"),
        (c.CarriedPrice, "1,200 CNY/t", "has separators inside the number; write '1200 CNY/t'"),
        (c.CarriedPrice, "5 EUR/kg", "'EUR' is not the plant's currency, CNY"),
        (c.CarriedPrice, "5 CNY/kgg", "'kgg' is not a unit; did you mean 'kg'?"),
        (c.CarriedFlow, "5 MWh", "'5 MWh' is an energy, not a flow of what the node carries; "
         "write one such as '5 MW', '200 kg/h', '3 t/h' or '0.5 m3/s'"),
        (c.CarriedFlow, "-5 MW", "'-5 MW' is below 0; write 0 or more"),
        (c.CarriedCapacity, {"min": "5 t", "max": "9 MWh"}, "does not measure the same as '5 t'"),
        (c.CarriedCapacity, {"min": "9 t", "max": "5 t"}, "min 9 is above max 5"),
        (c.CarriedCapacity, {"most": "9 t"}, "Extra inputs are not permitted"),
    ],
)  # fmt: skip
def test_refusals_when_read(kind: Any, text: object, says: str) -> None:
    """*Proves:* what can be told without the node is told at once, in one line."""
    line = complaint(kind, text)
    assert says in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("carried", "unit", "text", "says"),
    [
        ("gas", "MW", "2.6 CNY/m3", "price: '2.6 CNY/m3' is a price of volume, and the node "
         "'there' carries gas in MW; write a price of what the node carries such as "
         "'0.3 CNY/kWh' (gas is counted by its lower heating value: 1 m3 of natural gas is"),
        ("coal", "MW", "700 CNY/t", "prices may be written per tce"),
        ("hydrogen", "kg/h", "0.6 CNY/kWh", "such as '25 CNY/kg' (1 kg of hydrogen is 33.3 kWh"),
        ("ammonia", "t/h", "3 CNY/m3", "carries ammonia in t/h; write a price of what the node "
         "carries such as '900 CNY/t'"),
        ("slag", "pcs", "3 CNY/t", "counts in pcs"),
    ],
)  # fmt: skip
def test_refusals_of_the_node(carried: str, unit: str, text: str, says: str) -> None:
    """*Proves:* a price by the wrong measure is refused with what the node carries, what to
    write, and how the two are related. *A wrong answer would be:* a guess at a heating value.
    """
    with pytest.raises(InputError) as caught:
        carrier(carried, unit).of("price", "price", read(c.CarriedPrice, text))
    assert says in str(caught.value)


def test_ranges_from_files_and_from_python() -> None:
    """*Proves:* a size to be chosen may be written in any unit of its measure, bounds of zero need
    none, and plain numbers from Python are in the node's unit.
    """
    field, node = c.CarriedCapacity, carrier("hydrogen", "kg/h")
    said = read(field, {"min": 0, "max": "2 t", "step": "500 kg"})
    assert node.of("capacity", "amount", said) == SizeRange(0, 2000, 500)
    given = TypeAdapter(field).validate_python(SizeRange(0, 7))
    assert node.of("capacity", "amount", given) == SizeRange(0, 7)
    assert node.of("capacity", "amount", TypeAdapter(field).validate_python(7)) == 7
    assert str(said) == "0 … 2 t / 500 kg"


def test_json_of_a_field_reads_back() -> None:
    """*Proves:* a plant written to JSON says what its file said."""

    class Part(BaseModel):
        price: c.CarriedPrice
        most: c.CarriedFlowCapacity | None = None

    part = Part.model_validate({"price": "25 CNY/kg", "most": {"max": "2 t/h"}}, context=FILE)
    data = part.model_dump(mode="json")
    assert data == {"price": "25 CNY/kg", "most": {"min": 0.0, "max": "2 t/h"}}
    assert Part.model_validate(data) == part


def test_schema_names_every_form() -> None:
    """*Proves:* an editor is told what may be written, and that a size may be a mapping."""

    class Part(BaseModel):
        price: c.CarriedPrice
        most: c.CarriedFlowCapacity

    fields = Part.model_json_schema()["properties"]
    assert fields["price"]["examples"] == ["0.3 CNY/kWh", "25 CNY/kg", "900 CNY/t", "3 CNY/m3"]
    assert set(fields["most"]["anyOf"][1]["properties"]) == {"min", "max", "step"}


def test_amounts_say_themselves() -> None:
    """*Proves:* reports show a quantity as it was written."""
    assert str(Amount(7_200_000.0, "CNY/t")) == "7200000 CNY/t"
    assert str(AmountRange()) == "0 … ∞"


PLANT = """\
zeroplant: 1
name: waterworks
time: {start: 2025-01-01, zone: Asia/Shanghai, step: 1 h, periods: 24}
nodes:
  tap: {carrier: water, unit: m3/s}
assets:
  well: {kind: supply, at: tap, price: 4 CNY/m3, most: {max: 2 m3/s}}
  town: {kind: offtake, at: tap, price: 9 CNY/m3, most: 3600 m3/h}
"""


def test_plant_files_and_changes(tmp_path: Path) -> None:
    """*Proves:* a file is read with its units, a change on the command line too, and both are
    refused by the place where they stand.
    """
    path = tmp_path / "plant.yaml"
    path.write_text(PLANT, encoding="utf-8")
    plant = load_plant(path, {"assets.town.most": "1 m3/s", "assets.well.most": "{max: 3 m3/s}"})
    assert str(plant.assets["town"].most) == "1 m3/s"  # type: ignore[attr-defined]
    assert str(plant.assets["well"].most) == "0 … 3 m3/s"  # type: ignore[attr-defined]
    with pytest.raises(InputError, match=r"^--set assets\.well\.price: '5 kg' is a mass, not a"):
        load_plant(path, {"assets.well.price": "5 kg"})
    path.write_text(PLANT.replace("4 CNY/m3", "4 CNY/kWh"), encoding="utf-8")
    with pytest.raises(InputError, match=r"plant\.yaml:7: assets\.well: price: '4 CNY/kWh' is a"):
        load_plant(path)

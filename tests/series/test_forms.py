"""The forms of a profile in a plant file and from Python."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem
from zeroplant.files import load_yaml, problems_of
from zeroplant.series import (
    Constant,
    EnergyPriceProfile,
    FractionProfile,
    PowerProfile,
    RateProfile,
    TemperatureProfile,
    register,
)

AXIS = Axis(datetime.fromisoformat("2025-01-01T00:00+08:00"), 24, 1.0, "Asia/Shanghai")


class Asset(BaseModel):
    model_config = ConfigDict(extra="forbid")
    load: PowerProfile = Constant(0.0)
    price: EnergyPriceProfile = Constant(0.0)
    share: FractionProfile = Constant(1.0)
    air: TemperatureProfile = Constant(20.0)
    times: RateProfile = Constant(1.0)


def read(folder: Path, text: str) -> Asset:
    path = folder / "plant.yaml"
    path.write_text(text, encoding="utf-8")
    file = load_yaml(path)
    try:
        context = {"file": "plant.yaml", "folder": folder, "currency": "CNY"}
        return Asset.model_validate(file.data, context=context)
    except ValidationError as error:
        problems = problems_of(error, file, model=Asset)
    lines = [str(problem).replace(str(path), "plant.yaml") for problem in problems]
    raise AssertionError(lines)


def complaints(folder: Path, text: str) -> list[str]:
    with pytest.raises(AssertionError) as caught:
        read(folder, text)
    return list(caught.value.args[0])


def saw(axis: Axis, seed: int, parameters: Mapping[str, object]) -> Floats:
    if "height" not in parameters:
        raise InputError(Problem("a saw needs a 'height'"))
    return np.arange(axis.periods) % 2 * float(str(parameters["height"])) + seed


register("saw", saw)


def test_every_form_from_a_file(tmp_path: Path) -> None:
    stamps = [f"2025-01-01 {hour:02d}:00,{hour}" for hour in range(24)]
    (tmp_path / "load.csv").write_text("\n".join(["time,kw", *stamps]))
    asset = read(
        tmp_path,
        """\
load: {file: load.csv, unit: kW, zone: Asia/Shanghai}
price:
  time_of_use:
    - {hours: 8-20, price: 0.6 CNY/kWh}
    - {hours: 20-8, months: 1-12, days: all, price: 0.3 CNY/kWh}
share: 80 %
air: {generated: saw, seed: 3, height: 2}
""",
    )
    np.testing.assert_array_equal(asset.load.on(AXIS), np.arange(24) / 1000)
    np.testing.assert_array_equal(asset.price.on(AXIS), [300] * 8 + [600] * 12 + [300] * 4)
    assert asset.share.constant == 0.8
    np.testing.assert_array_equal(asset.air.on(AXIS), [3.0, 5.0] * 12)
    assert not asset.load.on(AXIS).flags.writeable
    assert asset.model_dump(mode="json") == {
        "load": {"file": "load.csv", "unit": "kW", "zone": "Asia/Shanghai"},
        "price": {
            "time_of_use": [
                {"value": 600.0, "hours": "8-20", "months": "1-12", "days": "all"},
                {"value": 300.0, "hours": "20-8", "months": "1-12", "days": "all"},
            ]
        },
        "share": 0.8,
        "air": {"generated": "saw", "seed": 3, "height": 2},
        "times": 1.0,
    }


def test_forms_from_python() -> None:
    asset = Asset(load=5, price=np.arange(24), share=Constant(0.5), air=[1.5] * 24)  # type: ignore[arg-type]
    np.testing.assert_array_equal(asset.load.on(AXIS), [5.0] * 24)
    np.testing.assert_array_equal(asset.price.on(AXIS), np.arange(24))
    np.testing.assert_array_equal(asset.air.on(AXIS), [1.5] * 24)
    short = Asset(price=np.arange(7))  # type: ignore[arg-type]
    assert [p.what for p in short.price.problems(AXIS)] == [
        "(7,) values where 24 periods are wanted"
    ]
    with pytest.raises(InputError, match="24 periods are wanted"):
        short.price.on(AXIS)
    wrong = Asset(share=np.full(24, 1.5), load=np.full(24, np.nan))  # type: ignore[arg-type]
    assert "24 values are above 1" in wrong.share.problems(AXIS)[0].what
    assert "24 values are not a finite number" in wrong.load.problems(AXIS)[0].what


def test_shares_of_a_rate_and_warmth_have_a_floor(tmp_path: Path) -> None:
    """*Proves:* what multiplies or counts is never below 0, and nothing is colder than absolute
    zero, in each form. *A wrong answer would be:* a plan of ships that come less than never.
    """
    table = "{time_of_use: [{hours: 0-8, value: 1}, {hours: 8-24, value: -1}]}"
    assert complaints(tmp_path, f"times: {table}\nair: -300 degC\n") == [
        "plant.yaml:1: times.time_of_use[1].value: -1 is below 0; write 0 or more",
        "plant.yaml:2: air: '-300 degC' is below -273.15 degC; write -273.15 degC or more",
    ]
    wrong = Asset(times=np.full(24, -1.0), air=np.full(24, -274.0))  # type: ignore[arg-type]
    assert "24 values are below 0, the first is -1" in wrong.times.problems(AXIS)[0].what
    assert "24 values are below -273.15" in wrong.air.problems(AXIS)[0].what


def test_every_wrong_form_has_its_line(tmp_path: Path) -> None:
    text = """\
load:
  file: load.csv
  colum: x
  unit: kWh
  zone: Asia/Shangai
  resample: sum
price:
  time_of_use:
    - {hours: 8-20, price: 0.6 CNY/kW}
    - {hours: 20-8, value: 0.3 CNY/kWh}
share: 80
air: [20, 21]
"""
    assert complaints(tmp_path, text) == [
        "plant.yaml:3: load.colum: unknown key 'colum'; did you mean 'column'?",
        "plant.yaml:4: load.unit: 'kWh' does not measure the same as 'MW'; give values in MW",
        "plant.yaml:5: load.zone: unknown zone 'Asia/Shangai'; did you mean 'Asia/Shanghai'?",
        "plant.yaml:6: load.resample: 'sum' is not allowed; it should be 'mean'",
        "plant.yaml:9: price.time_of_use[0].price: '0.6 CNY/kW' is a price of power; "
        "write a price of energy such as '0.6 CNY/kWh'",
        "plant.yaml:10: price.time_of_use[1]: the key 'price' is missing; "
        "add it: a price of energy in money/MWh, such as 50 CNY/kWh",
        "plant.yaml:10: price.time_of_use[1].value: unknown key 'value'; "
        "known here: hours, months, days, price",
        "plant.yaml:11: share: 80 is above 1; write a share from 0 to 1, "
        "or with its sign as '80 %'",
        "plant.yaml:12: air: a list of numbers; put the series in a file",
    ]


def test_every_problem_of_a_table_is_told(tmp_path: Path) -> None:
    text = """\
price:
  time_of_use:
    - {hours: 8-12, price: 0.6 CNY/kWh}
    - {hours: 11-20, price: 0.3 CNY/kWh}
"""
    assert complaints(tmp_path, text) == [
        "plant.yaml:1: price: no row covers hours 0-8, 20-24; every hour needs exactly one row",
        "plant.yaml:1: price: rows 1 and 2 both cover hours 11-12; "
        "every hour needs exactly one row",
    ]


def test_forms_that_lack_their_keys(tmp_path: Path) -> None:
    assert complaints(tmp_path, "load: {column: x}\n") == [
        "plant.yaml:1: load: the key 'file' is missing; add it: path from the plant file's folder",
        "plant.yaml:1: load: the key 'unit' is missing; add it: unit of its values, such as MW",
    ]
    assert complaints(tmp_path, "load: {time_of_use: [{value: 5 MW}], zone: UTC}\n") == [
        "plant.yaml:1: load.zone: the key 'zone' does not go with the others here; remove one"
    ]
    assert complaints(tmp_path, "share: lots\n") == [
        "plant.yaml:1: share: 'lots' is not a plain number; write one such as '0.5'"
    ]
    assert complaints(tmp_path, "load:\n") == [
        "plant.yaml:1: load: nothing is not a power; write a power such as '50 MW'"
    ]
    assert complaints(tmp_path, "load: -5 MW\n") == [
        "plant.yaml:1: load: '-5 MW' is below 0 MW; write 0 MW or more"
    ]


def test_generators_are_known_by_name(tmp_path: Path) -> None:
    asset = read(tmp_path, "air: {generated: sav}\nload: {generated: saw}\n")
    (problem,) = asset.air.problems(AXIS)
    assert str(problem) == "no generator is called 'sav'; did you mean 'saw'?"
    (problem,) = asset.load.problems(AXIS)
    assert str(problem) == "a saw needs a 'height'"
    with pytest.raises(ValueError, match="two generators"):
        register("saw", lambda axis, seed, parameters: np.zeros(1))


def test_schema_tells_editors_every_form_and_the_default() -> None:
    """A default that was used already keeps arrays; they must not reach the schema."""
    asset = Asset()
    asset.share.on(AXIS)
    fields = Asset.model_json_schema()["properties"]
    assert fields["share"]["default"] == 1.0
    forms = fields["price"]["anyOf"]
    assert [sorted(form.get("required", [])) for form in forms] == [
        [],
        ["file", "unit"],
        ["time_of_use"],
        ["generated"],
    ]

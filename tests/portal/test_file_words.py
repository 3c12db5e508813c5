"""What is wrong with a plant file, in Chinese: as its reader itself says it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.portal.doors import COUNTY
from zeroplant.errors import InputError
from zeroplant.files.validation import _WANTED
from zeroplant.plant import load_plant
from zeroplant.portal.answers import chinese
from zeroplant.portal.file_words import FORMS, QUANTITIES
from zeroplant.units.text import KINDS

FILE = (COUNTY / "plant.yaml").read_text(encoding="utf-8")
LOAD = "{generated: industrial_park, seed: 1, mean: 100 MW}"
HUB, POWER, PRICE = "hub_height: 110 m", "power: {max: 400 MW}", "price: 0.42 CNY/kWh"
BROKEN = [
    ("kind: wind", "kind: wnd"), ("kind: wind", "knd: wind"), (HUB, "hub_hight: 110 m"),
    (HUB, "hub_height: 110"), (HUB, "hub_height: 110 MW"), (HUB, "hub_height: abc"),
    (HUB, "hub_height: -3 m"), ("at: park", "at: prk"), ("site: qingshuihe", "site: nowhere"),
    ("climate: qingshuihe", "climate: nowhere"), ("currency: CNY", "currency: XXX"),
    ("zone: Asia/Shanghai", "zone: Mars/Base"), ("start: 2025-01-01", "start: soon"),
    ("step: 1 h", "step: 1 furlong"), (POWER, "power: {min: 500 MW, max: 400 MW}"),
    (POWER, "power: {mx: 400 MW}"), (POWER, "power: [1]"),
    ("years: 1", "years: 1\n  periods: 4"), ("fade: 0.2 %/a", "fade: 90 %/a"),
    ("carrier: electricity", "carrier: heat"), ("carrier: electricity", "carrier: x"),
    ("name: Qingshuihe county base", "name: ''"), ("zeroplant: 1", "zeroplant: 2"),
    ("name: Qingshuihe county base", "name: [a]"), ("assets:", "assets: {"),
    ("  wind:\n    kind", "  factories:\n    kind"), ("industrial_park", "nobody"),
    (PRICE, "price: 0.42 EUR/kWh"), (PRICE, "price: 0.42"), (PRICE, "price: nan CNY/kWh"),
    (PRICE, "price: 1,000 CNY/kWh"), ("tilt: 38 deg", "tilt: 380 deg"),
    ("turbine: medium_wind", "turbine: huge"), ("nodes:", "nodes:\n  'a.b': {carrier: heat}"),
    ("description: ", "description: a: b "), ("kind: demand", "kind: 'demand"),
    (LOAD, "[1, 2]"), (LOAD, "{generated: industrial_park"), ("gain: 5 %", "gain: 5"),
    (FILE, ""), (FILE, "\tx: 1"),
]  # fmt: skip
"""What stands in the file of the county base, and what is put there instead."""
KEPT = re.compile(
    r"'[^']*'|“[^”]*”|（[^）]*）|(?<=[选用]：).*|(?<=不是电厂的货币 )\w+|(?<=以 )[A-Z]+"
    r"|(?<=承载 )\w+|(?<=而非 )\w+|carrier 为 \w+|min|max|Asia/Shanghai"
)
"""What is of the file, and stays as it is: keys, values, names."""


def problems(tmp_path: Path, text: str) -> list[str]:
    """What is said of a plant file, without the place."""
    (tmp_path / "plant.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_plant(tmp_path / "plant.yaml")
    return [f"{each.what}; {each.instead}".rstrip("; ") for each in caught.value.problems]


@pytest.mark.parametrize(("there", "instead"), BROKEN)
def test_what_is_wrong_with_a_file_has_words(tmp_path: Path, there: str, instead: str) -> None:
    assert there in FILE
    for said in problems(tmp_path, FILE.replace(there, instead, 1)):
        told = chinese(said)
        assert re.search("[\u4e00-\u9fff]", told), said
        assert not re.search("[A-Za-z]{3}", KEPT.sub("", told).replace("kind", "")), told


def test_a_line_of_the_reader_reads_well(tmp_path: Path) -> None:
    """With its place in the file before it."""
    (tmp_path / "plant.yaml").write_text(FILE.replace("at: park", "at: prk", 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_plant(tmp_path / "plant.yaml")
    said = str(caught.value.problems[0]).removeprefix(f"{tmp_path}/")
    told = "plant.yaml:29: assets.factories.at：没有节点“prk”；是否指“park”？"
    assert chinese(said) == told


def test_whatever_units_and_yaml_can_be_has_words() -> None:
    """A kind of quantity that is added there is noticed here."""
    assert {said for said, _ in KINDS.values()} == set(QUANTITIES)
    assert {said for said, _ in _WANTED.values()} == set(FORMS)

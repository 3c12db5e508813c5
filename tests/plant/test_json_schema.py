"""The JSON schema that editors check plant files by."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.plant.small import PLANT
from tests.shared import ROOT
from zeroplant.assets import kinds
from zeroplant.files import load_yaml
from zeroplant.files.tree import grow
from zeroplant.plant import json_schema

EXAMPLES = sorted((ROOT / "examples").glob("*/plant.yaml"))


@cache
def schema() -> dict[str, Any]:
    """The schema, which nobody changes: it takes a second to make."""
    return json_schema()


@cache
def validator() -> Draft202012Validator:
    """One that we did not write."""
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


def faults(data: object) -> list[str]:
    """Where a validator finds something."""
    return [error.json_path for error in validator().iter_errors(data)]


def small(old: str = "", new: str = "") -> Any:
    assert old in PLANT
    entry = grow(PLANT.replace(old, new, 1), [])
    assert entry is not None
    return entry.plain()


def test_every_kind_and_section_is_in_it() -> None:
    """An asset kind that the schema lacks would be marked as wrong in every editor."""
    whole = schema()
    assert {"zeroplant", "name", "nodes", "assets"} <= set(whole["required"])
    assert "folder" not in whole["properties"]
    assert whole["additionalProperties"] is False
    (asset,) = whole["properties"]["assets"]["patternProperties"].values()
    assert set(asset["discriminator"]["mapping"]) == set(kinds())
    for name in kinds():
        reference = asset["discriminator"]["mapping"][name].rsplit("/", 1)[-1]
        body = whole["$defs"][reference]
        assert body["additionalProperties"] is False
        assert body["properties"]["kind"]["const"] == name


def test_every_field_of_an_asset_says_what_it_is() -> None:
    """Editors show the description while one types; one that is missing helps nobody."""
    whole = schema()
    silent = [
        f"{name}.{key}"
        for name, kind in kinds().items()
        for key, entry in whole["$defs"][kind.__name__]["properties"].items()
        if key != "kind" and "description" not in entry
    ]
    assert not silent


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_examples_are_valid(path: Any) -> None:
    """What the program accepts the editor does not underline."""
    assert not faults(load_yaml(path).data)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("hub_height", "hub_hight", "$.assets.wind"),
        ("power: 2 MW", "power: 2", "$.assets.battery"),
        ("kind: wind", "kind: wnid", "$.assets.wind"),
        ("periods: 48", "periods: 0", "$.time.periods"),
        ("hill: {", "hi.ll: {", "$.sites"),
        ("name: small plant", "nam: small plant", "$"),
    ],
)
def test_mistakes_are_marked(old: str, new: str, place: str) -> None:
    """A schema that accepts everything would pass the examples too."""
    assert not faults(small())
    assert any(path.startswith(place) for path in faults(small(old, new)))


def test_a_rule_may_be_its_name_alone() -> None:
    """The short form is allowed in files, so it is in the schema."""
    rule = "  - pack: cn-direct-connection-650\n    export_max: 20 %"
    assert not faults(small(rule, "  - cn-direct-connection-650"))

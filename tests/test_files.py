"""Files are written whole or not at all; plant files are read strictly, line by line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from zeroplant.errors import InputError
from zeroplant.files import atomic_path, load_yaml, problems_of, write_atomic
from zeroplant.units import EnergyPrice, PowerCapacity


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "plant.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refusal(folder: Path, text: str | bytes) -> list[str]:
    path = written(folder, text)
    with pytest.raises(InputError) as caught:
        load_yaml(path)
    return [str(problem).replace(str(path), "plant.yaml") for problem in caught.value.problems]


# ------------------------------------------------------------------------------------- writing


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """A plain open-and-write would leave half the new text in the file's place."""
    path = tmp_path / "result.json"
    write_atomic(path, "old")

    def fail() -> None:
        with atomic_path(path) as temporary:
            temporary.write_text("half of the ne")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_writes_make_folders_and_keep_suffixes(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "table.parquet"
    with atomic_path(path) as temporary:
        assert temporary.suffix == ".parquet"
        assert temporary.parent == path.parent
        temporary.write_bytes(b"1")
    write_atomic(path, "零碳")
    assert path.read_bytes().decode() == "零碳"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        InputError, match=r"cannot write .*: a file stands where a folder is needed"
    ):
        write_atomic(tmp_path / "file" / "x.json", "")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match=r"cannot write .*: is a directory"):
        write_atomic(tmp_path / "folder", "")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder"]


# ------------------------------------------------------------------------------------- reading


def test_words_keep_their_meaning(tmp_path: Path) -> None:
    """Plain YAML 1.1 reads False, 750, 8, a date and False for the first five."""
    text = "a: no\nb: 12:30\nc: 010\nd: 2025-01-01\non: off\ne: true\nf: 1e3\ng: ~\nh: '1'\ni: -5\n"
    assert load_yaml(written(tmp_path, text)).data == {
        "a": "no",
        "b": "12:30",
        "c": "010",
        "d": "2025-01-01",
        "on": "off",
        "e": True,
        "f": 1000.0,
        "g": None,
        "h": "1",
        "i": -5,
    }


def test_lines_of_keys_elements_and_parents(tmp_path: Path) -> None:
    text = (
        "# a plant\nname: x\nassets:\n  wind:\n    power: 5 MW\n  list:\n    - a: 1\n    - b: 2\n"
    )
    file = load_yaml(written(tmp_path, text))
    assert file.line_of(["assets", "wind", "power"]) == 5
    assert file.line_of(["assets", "list", 1, "b"]) == 8
    assert file.line_of(["assets", "wind", "absent", "more"]) == 4
    assert file.line_of([]) == 2
    assert str(file.problem("wrong", ["assets", "list", 1])).endswith(
        "plant.yaml:8: assets.list[1]: wrong"
    )


def test_anchors_merge_and_stay_apart(tmp_path: Path) -> None:
    text = "a: &x {p: 1, q: 2}\nb:\n  q: 3\n  <<: *x\nc: {<<: *x, p: 4}\nd: *x\n"
    data = load_yaml(written(tmp_path, text)).data
    assert data == {"a": {"p": 1, "q": 2}, "b": {"q": 3, "p": 1}, "c": {"p": 4, "q": 2}} | {
        "d": {"p": 1, "q": 2}
    }
    assert data["d"] is not data["a"]


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a: 1\nb: 2\na: 3\nb: 4\n", [
            "plant.yaml:3: the key 'a' stands here a second time (first on line 1); "
            "keep one of them",
            "plant.yaml:4: the key 'b' stands here a second time (first on line 2); "
            "keep one of them",
        ]),
        ("a:\n\tb: 1\n", ["plant.yaml:2: a tab in the indentation; indent with spaces"]),
        ("a: 1\n\tb: 2\n", ["plant.yaml:2: a tab in the indentation; indent with spaces"]),
        ("a: b: c\n", ["plant.yaml:1: a ':' where none is expected; "
                       "check the indentation, and put text with ': ' in it in quotes"]),
        ("a: 1\nb\nc: 2\n", ["plant.yaml:2: a line without a value; write it as 'key: value'"]),
        ("a:\n    b: 1\n  c: 2\n", ["plant.yaml:3: this line does not fit the ones above; "
                                   "check its indentation, and that no '- ' or closing bracket is "
                                   "missing"]),
        ("a: [1, 2\nb: 3\n", ["plant.yaml:2: a list in brackets is not closed; add ',' or ']'"]),
        ("x: 1\na: 'oops\nb: 3\n", ["plant.yaml:2: a quoted text is not closed; "
                                    "add the closing quote"]),
        ("a: @b\n", ["plant.yaml:1: a value begins with '@'; put it in quotes"]),
        ("a: %b\n", ["plant.yaml:1: a value begins with '%'; put it in quotes"]),
        ("a: *b\n", ["plant.yaml:1: the alias *b has no finished anchor &b above it"]),
        ("a: &a [*a]\n", ["plant.yaml:1: the alias *a has no finished anchor &a above it"]),
        ("a: !!python/object:os.system x\n", [
            "plant.yaml:1: the tag tag:yaml.org,2002:python/object:os.system is not allowed; "
            "write the value without it"]),
        ("2030: 1\n", ["plant.yaml:1: a key must be text; write it in quotes: \"2030\""]),
        ("? [a]\n: 1\n", ["plant.yaml:1: a list or mapping stands where a key is expected; "
                             "write a word and ':'"]),
        ("a: 1\n---\nb: 2\n", ["plant.yaml:2: a second document starts here; "
                              "remove the line '---'"]),
        ("", ["plant.yaml: the file is empty"]),
        ("# nothing\n", ["plant.yaml: the file is empty"]),
        ("a: \x01\n", ["plant.yaml:1: a control character stands in the text; remove it"]),
        ("a: 1\nb: ä\n".encode("latin-1"), ["plant.yaml:2: the file is not UTF-8 text; "
                                            "save it as UTF-8"]),
        ("[" * 200_000, ["plant.yaml:1: more than 40 levels of nesting; write it flatter"]),
        (BOMB, ["plant.yaml:6: the aliases of this file repeat too much; "
                "write values where used"]),
        (b"a: 1\n" * 1_000_000, ["plant.yaml: the file is larger than 4 MB; "
                                "keep time series in files of their own"]),
    ],
    ids=range(23),
)  # fmt: skip
def test_refusals(tmp_path: Path, text: str | bytes, lines: list[str]) -> None:
    """Proves each line a user reads; the nested brackets crash PyYAML's own composer."""
    assert refusal(tmp_path, text) == lines


def test_files_that_are_not_there(tmp_path: Path) -> None:
    written(tmp_path, "a: 1")
    with pytest.raises(InputError, match=r"plnt.yaml: no such file; did you mean 'plant.yaml'\?$"):
        load_yaml(tmp_path / "plnt.yaml")
    with pytest.raises(InputError, match=r"no such file$"):
        load_yaml(tmp_path / "no" / "plant.yaml")
    with pytest.raises(InputError, match="this is a folder"):
        load_yaml(tmp_path)


words = st.text(st.characters(codec="utf-8", exclude_categories=["Nd"]), max_size=9)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-9999, 9999) | st.floats(-1e6, 1e6) | words,
    lambda inner: st.lists(inner) | st.dictionaries(words, inner),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(words, plain, min_size=1))
def test_reads_what_pyyaml_writes(tmp_path_factory: pytest.TempPathFactory, data: object) -> None:
    """Proves agreement with PyYAML on everything whose meaning we do not change."""
    folder = tmp_path_factory.mktemp("y")
    for flow in (True, False, None):
        text = yaml.safe_dump(data, default_flow_style=flow)
        assert load_yaml(written(folder, text)).data == data


@settings(deadline=None)
@given(st.text(alphabet=" \n\t-:[]{}&*!?|>'\"%@#,a1~<", max_size=60))
def test_no_text_gets_past_as_another_exception(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = written(tmp_path_factory.mktemp("y"), text)
    lines: list[str] = []
    try:
        load_yaml(path)
    except InputError as error:
        lines = [str(problem) for problem in error.problems]
    assert all(len(line.splitlines()) == 1 for line in lines)


# ---------------------------------------------------------------------------------- validation


class Wind(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["wind"]
    at: str
    power: PowerCapacity
    turbines: int = 1

    @field_validator("at")
    @classmethod
    def known(cls, value: str) -> str:
        if value != "park":
            message = f"there is no node '{value}'"
            raise ValueError(message)
        return value


class Grid(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["grid"]
    price: EnergyPrice


class Plant(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    assets: dict[str, Annotated[Wind | Grid, Field(discriminator="kind")]] = {}


def complaints(folder: Path, text: str) -> list[str]:
    file = load_yaml(written(folder, text))
    with pytest.raises(ValidationError) as caught:
        Plant.model_validate(file.data, context={"file": "plant.yaml"})
    found = problems_of(caught.value, file, model=Plant)
    return [str(problem).replace(str(file.path), "plant.yaml") for problem in found]


def test_every_problem_at_once_with_its_line(tmp_path: Path) -> None:
    text = """\
name: 7
asets: {}
assets:
  w1:
    kind: wind
    at: prak
    powr: 5 MW
    turbines: many
  w2:
    kind: wind
    at: park
    power: {min: 3 MW, maximum: 9 MW, max: 2 kV}
  g: {kind: gird}
  h: {price: 1 CNY/kWh}
  i: 5
  j: {kind: grid, price: 5}
"""
    assert complaints(tmp_path, text) == [
        "plant.yaml:1: name: '7' is not text; put it in quotes if it is meant as text",
        "plant.yaml:2: asets: unknown key 'asets'; did you mean 'assets'?",
        "plant.yaml:4: assets.w1: the key 'power' is missing",
        "plant.yaml:6: assets.w1.at: there is no node 'prak'",
        "plant.yaml:7: assets.w1.powr: unknown key 'powr'; did you mean 'power'?",
        "plant.yaml:8: assets.w1.turbines: 'many' is not a whole number; write one such as 3",
        "plant.yaml:12: assets.w2.power.max: '2 kV' is a voltage; write a power such as '2 kW'",
        "plant.yaml:12: assets.w2.power.maximum: unknown key 'maximum'; did you mean 'max'?",
        "plant.yaml:13: assets.g: unknown kind 'gird'; did you mean 'grid'?",
        "plant.yaml:14: assets.h: the key 'kind' is missing; write one of: wind, grid",
        "plant.yaml:15: assets.i: '5' is not a mapping; write 'key: value' on the lines below it",
        "plant.yaml:16: assets.j.price: 5 has no unit; "
        "write it with its unit, such as '5 CNY/kWh' or '5 CNY/MWh'",
    ]


def test_prefix_places_a_part_of_the_file(tmp_path: Path) -> None:
    file = load_yaml(written(tmp_path, "top:\n  part:\n    kind: grid\n    price: 5 kWh\n"))
    with pytest.raises(ValidationError) as caught:
        Grid.model_validate(file.data["top"]["part"], context={"file": "plant.yaml"})
    (problem,) = problems_of(caught.value, file, ("top", "part"), Grid)
    assert (problem.line, problem.where) == (4, "top.part.price")

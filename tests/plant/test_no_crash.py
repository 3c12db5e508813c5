"""Whatever stands in a plant file, the answer is a plant or named problems, never an exception."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plant.small import PLANT, write_plant
from zeroplant.assets import kinds
from zeroplant.errors import InputError
from zeroplant.files.tree import grow
from zeroplant.plant import build, load_plant

ODD = (
    "null", "-1", "0", "[]", "{}", "x", "1e308", "1e-300", "true", "99999999999999999999", ".nan",
    "-.inf", "'5 MW'", "'50 %'", "'-3 h'", "'1e99 MW'", "'0'", "''", "[1, 2]", "{a: 1}",
    "[[1, 2], [3]]", "2025-01-01", "0001-01-01", "{file: load.csv}", "{generated: river}",
    "{time_of_use: []}", "🔋",
)  # fmt: skip


def places() -> Iterator[str]:
    """Every entry of the small plant, and every field of its assets that it leaves out."""
    entry = grow(PLANT, [])
    assert entry is not None

    def below(data: Any, path: str) -> Iterator[str]:
        pairs = data.items() if isinstance(data, dict) else enumerate(data)
        for key, part in pairs:
            yield f"{path}{key}"
            if isinstance(part, (dict, list)):
                yield from below(part, f"{path}{key}.")

    plant = entry.plain()
    yield from below(plant, "")
    for name, asset in plant["assets"].items():
        for key, field in kinds()[asset["kind"]].model_fields.items():
            yield f"assets.{name}.{field.alias or key}"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small plant in a file."""
    return write_plant(tmp_path_factory.mktemp("plant"))


@settings(max_examples=150, deadline=None)
@given(place=st.sampled_from(sorted(set(places()))), value=st.sampled_from(ODD))
def test_odd_values_are_read_or_refused(path: Path, place: str, value: str) -> None:
    """What passes can also be built; what does not is said in single lines with a place."""
    try:
        plant = load_plant(path, {place: value})
    except InputError as error:
        lines = [str(problem) for problem in error.problems]
        assert lines
        assert all(line.startswith((f"{path}:", "--set ")) and "\n" not in line for line in lines)
    else:
        assert build(plant).network.flows


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_mangled_text_is_read_or_refused(path: Path, data: st.DataObject) -> None:
    """Lines lost, doubled, moved or indented, as an editor's slip would do it."""
    lines = PLANT.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        slip = data.draw(st.sampled_from(["lose", "double", "indent", "dedent", "cut"]))
        if slip == "lose":
            lines.pop(at)
        elif slip == "double":
            lines.insert(at, lines[at])
        elif slip == "cut":
            lines[at] = lines[at][: len(lines[at]) // 2]
        else:
            lines[at] = f"  {lines[at]}" if slip == "indent" else lines[at].strip()
    mangled = path.with_name("mangled.yaml")
    mangled.write_text("\n".join(lines), encoding="utf-8")
    lines = []
    try:
        load_plant(mangled)
    except InputError as error:
        lines = [str(problem) for problem in error.problems]
    assert all(line.startswith(f"{mangled}:") for line in lines)

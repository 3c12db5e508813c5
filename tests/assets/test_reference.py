"""The pages of the reference that are written from the fields."""

from __future__ import annotations

import importlib.util
import re
from types import ModuleType

import pytest

from tests.shared import ROOT
from zeroplant.assets import kinds


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """tools/asset_reference.py as a module."""
    spec = importlib.util.spec_from_file_location(
        "asset_reference", ROOT / "tools/asset_reference.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_are_up_to_date(tool: ModuleType) -> None:
    """*Proves:* docs/reference/assets/ says what the fields say, a page for each kind. If this
    fails, run ``python tools/asset_reference.py``. *A wrong answer would be:* yesterday's defaults.
    """
    found = {page.name: page.read_text(encoding="utf-8") for page in tool.FOLDER.glob("*.md")}
    assert found == tool.pages()
    assert set(found) == {"index.md", *(f"{name}.md" for name in kinds())}


def test_every_parameter_is_on_it(tool: ModuleType) -> None:
    """*Proves:* each field of each kind has a row that says what it takes. *A wrong answer would
    be:* an empty cell, or a field of which the page knows nothing.
    """
    for name, kind in kinds().items():
        text = tool.section(name, kind)
        for key, field in kind.model_fields.items():
            if key != "kind":
                (row,) = [
                    x for x in text.splitlines() if x.startswith(f"| `{field.alias or key}` |")
                ]
                assert all(cell.strip() for cell in row.strip("|").split(" | ")), row


def test_no_page_speaks_of_objects_of_the_program(tool: ModuleType) -> None:
    """*Proves:* a default that is a series or a range is told as a reader would write it. *A wrong
    answer would be:* ``Constant(lowest=None, highest=None, value=0.25)``.
    """
    told = "\n".join(tool.pages().values())
    assert not re.findall(r"`[A-Z]\w+\(.*?\)`", told)


@pytest.mark.parametrize(
    "row",
    [
        "| `power` | size in MW | **required** | AC power, charging and discharging |",
        "| `capacity_payment.peak_hours` | h | — |",
        "| `import_price` | series in CNY/MWh | **required** |",
        "| `at` | name of a node of electricity | **required** | node it feeds |",
        "| `tracking` | `none`, `single_axis` | `none` |",
        "| `one_way` | `true`, `false` | `false` |",
        "| `round_trip` | a number, or % | 0.87 |",
        "| `from` | name of a node | **required** |",
    ],
)
def test_rows_read_as_a_user_writes(tool: ModuleType, row: str) -> None:
    """*Proves:* units, choices, defaults and nested names stand as they are written in a file."""
    assert any(row in page for page in tool.pages().values())

"""The front door of the package: light to open, and every name behind it is there."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import zeroplant


def test_import_loads_nothing_heavy() -> None:
    """``import zeroplant`` loads no library at all, so it stays far below 50 ms.

    A single import at the head of ``__init__.py`` would bring numpy with it and fail this test.
    """
    code = "import sys, zeroplant; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "pandas", "polars", "pydantic", "pint", "highspy", "scipy", "typer", "rich"}
    assert not heavy & set(done.stdout.split())


@pytest.mark.parametrize("name", zeroplant.__all__)
def test_every_public_name_is_there(name: str) -> None:
    """A name that has moved to another room would be an AttributeError for the user."""
    assert getattr(zeroplant, name)


def test_unknown_name_is_an_attribute_error() -> None:
    """``hasattr`` and ``from zeroplant import x`` rely on this error and no other."""
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        zeroplant.nothing  # noqa: B018


def test_types_and_names_agree() -> None:
    """What a type checker sees of the package is what a program gets."""
    tree = ast.parse(Path(zeroplant.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    typed = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert typed == {name: f"zeroplant.{room}" for name, room in zeroplant._ROOMS.items()}
    assert {*typed, "__version__"} == set(zeroplant.__all__)

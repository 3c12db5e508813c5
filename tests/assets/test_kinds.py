"""What holds for every asset kind there is, whoever writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from zeroplant.assets import Asset, kinds

FIRST = {"battery", "demand", "grid", "line", "solar", "wind"}


def fields(model: type[BaseModel], inside: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every field of a model and of the models in it."""
    for name, field in model.model_fields.items():
        yield f"{inside}{field.alias or name}", field
        for part in (field.annotation, *get_args(field.annotation)):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from fields(part, f"{inside}{name}.")


def test_the_first_set_is_there() -> None:
    """*Proves:* kinds are found by their files; none has to be registered."""
    assert set(kinds()) >= FIRST


@pytest.mark.parametrize("kind", kinds().values(), ids=kinds())
def test_every_kind_explains_itself(kind: type[Asset]) -> None:
    """*Proves:* a kind has a title in both languages, a docstring, and a meaning for each field.
    *A wrong answer would be:* a reference page with holes.
    """
    english, chinese = kind.title
    assert english
    assert any("一" <= sign <= "鿿" for sign in chinese)
    assert kind.__doc__
    silent = [name for name, field in fields(kind) if not field.description and name != "kind"]
    assert not silent


@pytest.mark.parametrize("kind", kinds().values(), ids=kinds())
def test_unknown_keys_are_refused(kind: type[Asset]) -> None:
    """*Proves:* a misspelt key never passes in silence, in nested parts either."""
    parts: list[Any] = [kind]
    while parts:
        part = parts.pop()
        assert part.model_config.get("extra") == "forbid"
        parts += [p for field in part.model_fields.values() for p in get_args(field.annotation)
                  if isinstance(p, type) and issubclass(p, BaseModel)]  # fmt: skip

"""What every part of a plant file shares."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

from zeroplant.errors import InputError


class Section(BaseModel):
    """A part of a plant file: strict keys, unchangeable once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def agreed(question: Callable[[], object]) -> None:
    """Have a problem that a question raises collected by pydantic."""
    try:
        question()
    except InputError as error:
        raise ValueError(*error.problems) from None

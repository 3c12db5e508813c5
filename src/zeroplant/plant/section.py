"""What every part of a plant file shares."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A part of a plant file: strict keys, unchangeable once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

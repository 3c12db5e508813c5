"""Parameters that were given where the others leave them without effect."""

from __future__ import annotations

from pydantic import BaseModel


def given(asset: BaseModel, *names: str) -> str:
    """Which of these were given, as a message names them: ``'grade' and 'cop_max'``.

    Nothing given (an empty text) is also one that is null.
    """
    told = [n for n in names if n in asset.model_fields_set and getattr(asset, n) is not None]
    *first, last = [f"'{name}'" for name in told] or [""]
    return f"{', '.join(first)} and {last}" if first else last

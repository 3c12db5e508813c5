"""One golden case: what was published beside what we get."""

from __future__ import annotations

from typing import Any

Case = dict[str, Any]


def case(name: str, expected: float, got: float | None, tolerance: float) -> Case:
    """One comparison; ``tolerance`` is relative."""
    error = None if got is None else abs(got - expected) / abs(expected)
    return {
        "name": name,
        "expected": expected,
        "got": got,
        "relative_error": error,
        "tolerance": tolerance,
    }

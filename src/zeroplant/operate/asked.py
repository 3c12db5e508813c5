"""Asking others what they say: one that raises is an alarm, and what it said last stands."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from zeroplant.operate.alarms import Condition

log = logging.getLogger(__name__)
T = TypeVar("T")


class Asked:
    """Those who were asked, and which of them failed the last time."""

    def __init__(self) -> None:
        self._faults: dict[str, str] = {}

    def ask(self, name: str, call: Callable[[], T], last: T) -> T:
        """What it says, or the last it said; what it gets wrong is an alarm, and no end."""
        try:
            said = call()
        except Exception as error:  # whatever others do wrong must not stop the plant
            if name not in self._faults:
                log.exception("%s failed; control goes on", name)
            self._faults[name] = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            return last
        self._faults.pop(name, None)
        return said

    def troubles(self) -> list[Condition]:
        """Whose last answer failed, as alarms."""
        return [("fault", name, detail) for name, detail in self._faults.items()]

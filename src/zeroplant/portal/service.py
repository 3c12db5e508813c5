"""The parts of the service: the plant's folder, who may come in, and the diary of what they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from zeroplant.links.clock import Clock, SystemClock
from zeroplant.portal.access import Accounts, Sessions, Tokens
from zeroplant.portal.access.database import open_database
from zeroplant.portal.studio import Studio
from zeroplant.store import Entry, JournalWriter


@dataclass(frozen=True)
class Service:
    """What requests are answered with."""

    engine: Engine
    accounts: Accounts
    sessions: Sessions
    tokens: Tokens
    diary: JournalWriter
    studio: Studio
    clock: Clock
    secure: bool
    """Whether it is reached by TLS, so that cookies go nowhere else."""

    def note(
        self, who: str, what: str, key: str = "", payload: Mapping[str, Any] | None = None
    ) -> None:
        """Write down what a person did, before it counts as done."""
        now = self.clock.now()
        said = {"who": who, "what": what, **(payload or {})}
        self.diary.append(Entry(kind="person", key=key, event=now, known=now, payload=said))

    def close(self) -> None:
        """Let the next service in."""
        self.studio.close()
        self.diary.close()
        self.engine.dispose()


def open_service(
    plant: Path, data: Path, *, secure: bool = False, clock: Clock | None = None
) -> Service:
    """The service of a plant file and the data folder of the plant.

    People are in its ``access.sqlite``, the diary of what they did in ``people/``.

    Raises InputError where another service holds the folder, or it cannot be written.
    """
    clock = clock or SystemClock()
    diary = JournalWriter(data / "people")
    engine = open_database(data / "access.sqlite")
    return Service(
        engine=engine,
        accounts=Accounts(engine, clock),
        sessions=Sessions(engine, clock),
        tokens=Tokens(engine, clock),
        diary=diary,
        studio=Studio(plant),
        clock=clock,
        secure=secure,
    )

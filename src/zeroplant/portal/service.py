"""The parts of the service: the plant's folder, who may come in, and the diary of what they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from zeroplant.links.clock import Clock, SystemClock
from zeroplant.operate.folder import PlantFolder
from zeroplant.plan.report.names import names_of
from zeroplant.plant import Plant, build, load_plant
from zeroplant.portal.access import Accounts, Sessions, Tokens
from zeroplant.portal.access.database import open_database
from zeroplant.portal.scene import Scene, scene_of
from zeroplant.portal.studio import Studio
from zeroplant.store import Entry, JournalWriter
from zeroplant.waist import Network


@dataclass(frozen=True)
class Service:
    """What requests are answered with."""

    engine: Engine
    accounts: Accounts
    sessions: Sessions
    tokens: Tokens
    diary: JournalWriter
    studio: Studio
    folder: PlantFolder
    clock: Clock
    secure: bool
    """Whether it is reached by TLS, so that cookies go nowhere else."""

    @cached_property
    def plant(self) -> Plant:
        """The plant, as its file stood when it was first asked for."""
        return load_plant(self.studio.path)

    @cached_property
    def scene(self) -> Scene:
        """The picture of its flows."""
        return scene_of(self.network, names_of(self.plant.assets))

    @cached_property
    def network(self) -> Network:
        """The plant at the waist, for the names and units of what flows in it."""
        return build(self.plant).network

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
        folder=PlantFolder(data),
        clock=clock,
        secure=secure,
    )

"""The parts of the service: the plant's folder, who may come in, and the diary of what they did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Engine

from zeroplant.errors import InputError
from zeroplant.links.clock import Clock, SystemClock
from zeroplant.operate.folder import PlantFolder
from zeroplant.plan.report.names import Names, names_of
from zeroplant.plant import Plant, build, load_plant
from zeroplant.portal.access import Accounts, Sessions, Tokens
from zeroplant.portal.access.database import open_database, private
from zeroplant.portal.access.places import Tree
from zeroplant.portal.access.proposals import Proposals
from zeroplant.portal.alarm_words import alarms_told
from zeroplant.portal.catalogue import Catalogue, catalogue_of
from zeroplant.portal.hindsight import Replays
from zeroplant.portal.limits import Limits, chosen_sizes, limits_of, share_of_connection
from zeroplant.portal.logbook import Logbook
from zeroplant.portal.moments import plant_now
from zeroplant.portal.newest import newest
from zeroplant.portal.refusals import LONGEST, Refusals
from zeroplant.portal.retold import Teller
from zeroplant.portal.scene import Scene, scene_of
from zeroplant.portal.studio import Studio
from zeroplant.store import Entry, JournalWriter, Record
from zeroplant.store.durable import plainly
from zeroplant.waist import Network


@dataclass(frozen=True)
class Sized:
    """A plant with sizes chosen for it, as far as they are known."""

    plant: Plant
    network: Network
    sizes: Mapping[str, float]

    @cached_property
    def limits(self) -> Limits:
        """What may be set."""
        return limits_of(self.network, self.sizes)

    @cached_property
    def catalogue(self) -> Catalogue:
        """Its assets and points."""
        return catalogue_of(self.plant, self.network, self.sizes)

    @cached_property
    def scene(self) -> Scene:
        """The picture of its flows."""
        return scene_of(self.network, names_of(self.plant.assets), self.sizes)


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
    hosts: frozenset[str]
    """The names it is reached under."""
    proposals: Proposals
    second_above: float | None = None
    """MW above which a set-point needs a second person; a tenth of the connection if None."""
    deciding: Lock = field(default_factory=Lock)
    """Held while somebody says yes to a set-point."""
    refusals: Refusals = field(default_factory=Refusals)

    @property
    def cookie(self) -> str:
        """Name of the session's cookie; under TLS one that no other host can set for us."""
        return "__Host-zeroplant" if self.secure else "zeroplant"

    @cached_property
    def plant(self) -> Plant:
        """The plant, as its file stood when it was first asked for."""
        return load_plant(self.studio.path)

    @cached_property
    def names(self) -> Names:
        """What flows, stores and capacities are called."""
        return names_of(self.plant.assets)

    @cached_property
    def teller(self) -> Teller:
        """Records of journal and diary in words."""
        flows = {flow.name: flow.unit for flow in self.network.flows}
        return Teller(self.names, flows)

    @cached_property
    def logbook(self) -> Logbook:
        """The plant's journal, for looking at."""
        return Logbook(self.folder.journal)

    @cached_property
    def deeds(self) -> Logbook:
        """The diary of what people did, for looking at."""
        return Logbook(self.diary.folder)

    @cached_property
    def network(self) -> Network:
        """The plant at the waist, for the names and units of what flows in it."""
        return build(self.plant).network

    @cached_property
    def areas(self) -> Mapping[str, str]:
        """Where in the plant's tree each asset lies."""
        return {name: asset.area for name, asset in self.catalogue.assets.items()}

    @cached_property
    def replays(self) -> Replays:
        """What was known at moments of its past."""
        return Replays(self.folder)

    @property
    def sized(self) -> Sized:
        """The plant with the sizes that the running one has now."""
        path = self.folder.path / "sizes.json"
        stamp = path.stat().st_mtime_ns if path.exists() else 0
        if stamp not in self._sized:
            chosen = chosen_sizes(self.folder.path)
            self._sized[stamp] = Sized(self.plant, self.network, chosen)
        return self._sized[stamp]

    @cached_property
    def _sized(self) -> dict[int, Sized]:
        """By when its sizes were written: a few in a plant's life."""
        return {}

    @property
    def limits(self) -> Limits:
        """What may be set."""
        return self.sized.limits

    @property
    def catalogue(self) -> Catalogue:
        """Its assets and points."""
        return self.sized.catalogue

    @property
    def scene(self) -> Scene:
        """The picture of its flows."""
        return self.sized.scene

    def needs_second_above(self, limits: Limits) -> float:
        """MW above which a set-point needs a second person."""
        above = self.second_above
        return share_of_connection(limits, ALONE) if above is None else above

    def note(
        self, who: str, what: str, key: str = "", payload: Mapping[str, Any] | None = None
    ) -> None:
        """Write down what a person did, before it counts as done."""
        now = self.clock.now()
        event = plant_now(newest(self.folder.live), now)  # the plant's clock may be another
        said = {"who": who, "what": what, **(payload or {})}
        self.diary.append(Entry(kind="person", key=key, event=event, known=now, payload=said))

    def refused(self, who: str, path: str) -> None:
        """Write down that somebody asked for what they may not have, unless it just was."""
        about = path[:LONGEST]
        if self.refusals.is_news(who, about, self.clock.now()):
            self.note(who, "refused", about)

    def take_over(self, record: Record) -> None:
        """Write down what was done to people from the machine's command line meanwhile."""
        event = plant_now(newest(self.folder.live), record.known)
        self.diary.append(Entry(kind=record.kind, key=record.key, event=event,
                                known=self.clock.now(), payload=record.payload))  # fmt: skip

    def worded(self, image: dict[str, Any]) -> dict[str, Any]:
        """An image with its alarms in words for people; as it is while the plant cannot be read."""
        try:
            return alarms_told(image, self.names)
        except InputError:
            return image

    def warm(self) -> None:
        """Have at hand what the first page needs; a plant that cannot be read is told there."""
        with suppress(InputError):
            _ = self.scene, self.catalogue

    def close(self) -> None:
        """Let the next service in."""
        self.studio.close()
        self.diary.close()
        self.engine.dispose()


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
ALONE = 0.1
"""Share of the connection that one person may move without a second."""


def open_service(
    plant: Path,
    data: Path,
    *,
    secure: bool = False,
    names: Iterable[str] = (),
    second_above: float | None = None,
    clock: Clock | None = None,
) -> Service:
    """The service of a plant file and the data folder of the plant.

    People are in its ``access.sqlite``, the diary of what they did in ``people/``; nobody else on
    the machine reads either. ``names`` are what it is reached under besides this machine's own.
    Set-points that move the plant by more than ``second_above`` MW need a second person.

    Raises InputError where another service holds the folder, or it cannot be written.
    """
    clock = clock or SystemClock()
    with plainly(f"write in {data}"):
        private(data / "people")
    diary = JournalWriter(data / "people")
    engine = open_database(data / "access.sqlite")
    tree = Tree(lambda: service.areas)  # the plant is read when somebody of one place comes in
    service = Service(
        engine=engine,
        accounts=Accounts(engine, clock, tree),
        sessions=Sessions(engine, clock),
        tokens=Tokens(engine, clock),
        diary=diary,
        studio=Studio(plant),
        folder=PlantFolder(data),
        clock=clock,
        secure=secure,
        hosts=LOOPBACK | {name.casefold() for name in names},
        proposals=Proposals(engine, clock),
        second_above=second_above,
    )
    return service

"""The folder of a running plant: where everything about it is found, by name.

Whoever shows or asks about the plant (the control room, say) reads this folder and nothing else,
and puts its wishes into ``orders/``. Each file is replaced in one step, so that nobody reads half.

    history/            values of points, by event and known time (`zeroplant.store.History`)
    journal/            what was known, decided and done, chained (`zeroplant.store.Journal`)
    schedule.json       the schedule in force; older ones in schedules/<time it was made>.json
    forecasts.json      the newest forecasts; those of each hour in forecasts/<time made>.json
    skill.json          how good forecasts turned out
    capability.json     what the plant could give, for how long, how surely
    commitments.json    what was promised to others, and what becomes of it
    day_ahead.json      what was last told of tomorrow; each day in days_ahead/<date>.json
    today.json          energy, money and emissions since midnight, as measured
    callers.json        who calls on the plant from outside, and what they said
    commands.json       commands from outside that stand, for a controller that begins anew
    responses.json      what became of orders from outside, against their baselines
    events.json         orders from outside that go on, for a controller that begins anew
    reports.json        responses that are still to be told to who asked for them
    live.json           the latest image, decision, alarms and health of links
    orders/             inbox: <id>.json, answered by <id>.answer.json; both go a day after the end
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from zeroplant.errors import InputError, Problem
from zeroplant.operate.wish import Wish, read_wish
from zeroplant.store.durable import plainly, write_durably

STAMP = "%Y%m%dT%H%M%SZ"
"""How files are named that tell of a moment, in UTC."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ANSWER = ".answer.json"


@dataclass(frozen=True)
class PlantFolder:
    """The places in the folder of a running plant."""

    path: Path

    @property
    def history(self) -> Path:
        """Folder of the history."""
        return self.path / "history"

    @property
    def journal(self) -> Path:
        """Folder of the journal."""
        return self.path / "journal"

    @property
    def schedule(self) -> Path:
        """The schedule in force."""
        return self.path / "schedule.json"

    @property
    def schedules(self) -> Path:
        """Folder of all schedules."""
        return self.path / "schedules"

    @property
    def forecasts(self) -> Path:
        """The newest forecasts."""
        return self.path / "forecasts.json"

    @property
    def capability(self) -> Path:
        """What the plant could give."""
        return self.path / "capability.json"

    @property
    def made_forecasts(self) -> Path:
        """Folder of the forecasts of each hour, for some days."""
        return self.path / "forecasts"

    @property
    def skill(self) -> Path:
        """How good forecasts turned out."""
        return self.path / "skill.json"

    @property
    def commitments(self) -> Path:
        """What was promised to others."""
        return self.path / "commitments.json"

    @property
    def day_ahead(self) -> Path:
        """What was last told of tomorrow."""
        return self.path / "day_ahead.json"

    @property
    def days_ahead(self) -> Path:
        """Folder of what was told of each day."""
        return self.path / "days_ahead"

    @property
    def today(self) -> Path:
        """Energy, money and emissions since midnight."""
        return self.path / "today.json"

    @property
    def callers(self) -> Path:
        """Who calls on the plant from outside."""
        return self.path / "callers.json"

    @property
    def commands(self) -> Path:
        """Commands from outside that stand."""
        return self.path / "commands.json"

    @property
    def responses(self) -> Path:
        """What became of orders from outside."""
        return self.path / "responses.json"

    @property
    def events(self) -> Path:
        """Orders from outside that go on, or are not measured yet."""
        return self.path / "events.json"

    @property
    def reports(self) -> Path:
        """Responses that are still to be told to who asked for them."""
        return self.path / "reports.json"

    @property
    def live(self) -> Path:
        """The latest image, decision and alarms."""
        return self.path / "live.json"

    @property
    def orders(self) -> Path:
        """The inbox."""
        return self.path / "orders"

    def answer(self, name: str) -> Path:
        """The answer to a wish."""
        return self.orders / f"{name}{_ANSWER}"


def sweep(folder: Path, before: datetime) -> None:
    """Take out files that are named by a moment (`STAMP`), where that is too long ago."""
    oldest = f"{before:{STAMP}}.json"
    for path in folder.glob("[0-9]*.json"):
        if path.name < oldest:
            with suppress(OSError):
                path.unlink()


def submit(folder: PlantFolder, wish: Wish) -> None:
    """Put a wish into the inbox, for sure. Raises InputError where the folder refuses."""
    content = json.dumps(wish.plain(), ensure_ascii=False)
    with plainly(f"keep an order in {folder.orders}"):
        write_durably(folder.orders / f"{wish.id}.json", content.encode())


def waiting(folder: PlantFolder) -> Iterator[tuple[str, Wish | None, str]]:
    """Wishes without an answer: id, the wish or None, and what is wrong with it."""
    for path in sorted(folder.orders.glob("*.json")):
        if not _ID.fullmatch(path.stem) or folder.answer(path.stem).exists():
            continue
        try:
            wish = _wish(folder, path.stem)
        except InputError as error:
            yield path.stem, None, str(error)
        else:
            if wish is not None:
                yield path.stem, wish, ""


def answered(folder: PlantFolder) -> Iterator[tuple[str, Wish | None, dict[str, Any]]]:
    """Wishes with an answer: id, the wish or None where it cannot be read, and the answer."""
    for path in sorted(folder.orders.glob(f"*{_ANSWER}")):
        name, wish = path.name.removesuffix(_ANSWER), None
        if not _ID.fullmatch(name):
            continue
        with suppress(InputError):
            wish = _wish(folder, name)
        try:
            said = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            said = {}
        yield name, wish, said if isinstance(said, dict) else {}


def wish_of(folder: PlantFolder, name: str) -> Wish | None:
    """A wish by its id; None for one that is not there or cannot be read."""
    with suppress(InputError):
        return _wish(folder, name)
    return None


def remove(folder: PlantFolder, name: str) -> None:
    """Take a wish and its answer out of the inbox; where the disk refuses, they stay."""
    with suppress(OSError):  # the answer last: a wish without one would be taken in again
        (folder.orders / f"{name}.json").unlink(missing_ok=True)
        folder.answer(name).unlink(missing_ok=True)


def _wish(folder: PlantFolder, name: str) -> Wish | None:
    """A wish from its file; None when it has gone. Raises InputError."""
    try:
        content = (folder.orders / f"{name}.json").read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        what = f"its file cannot be read: {(error.strerror or 'it failed').lower()}"
        instead = "give the controller's user the right to read it, under a new name"
        raise InputError(Problem(what, where=f"order {name}", instead=instead)) from None
    return read_wish(name, content)

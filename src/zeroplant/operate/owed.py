"""What the plant owes: promises from a trader's file, of the market, and by orders from outside.

All of it is given to the planner (``newest``), and each is followed to its end: ahead, running,
then kept or broken by what was delivered, or unknown as long as that cannot be worked out. The
list stands in the plant's folder, each change of state in the journal.

Files are read and judgements made beside the loop (``do``), which gives what came of it back by
queues: what is owed is changed in the loop alone.
"""

from __future__ import annotations

import json
import queue
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from zeroplant.axis import zone_named
from zeroplant.errors import InputError
from zeroplant.operate.capability import Envelope
from zeroplant.operate.commitments import Commitment
from zeroplant.operate.commitments_file import CommitmentsFile, Market, read_commitments
from zeroplant.operate.consumption import Span
from zeroplant.operate.day_ahead import Told, read_told
from zeroplant.operate.decision import Decision
from zeroplant.operate.entries import plain
from zeroplant.operate.image import Image
from zeroplant.operate.judge import Judge
from zeroplant.operate.orders import Order
from zeroplant.operate.promised import Promised, name_of, on_grid, ordered
from zeroplant.operate.quarter import quarter_of
from zeroplant.operate.recording import Recording
from zeroplant.operate.standing import Standing
from zeroplant.operate.worker import Do, at_once
from zeroplant.store import Entry

MINUTE = timedelta(minutes=1)
LOOKED = timedelta(seconds=5)
"""How often it is looked whether the file has changed."""
SETTLED = timedelta(minutes=1)
"""How often a value that moves on (a set-point that is led) makes the plan anew, at most."""
WRITTEN = timedelta(seconds=10)
"""How long the last values may take to be in the history."""
RETRIED = timedelta(hours=1)
"""How long after a promise could not be judged it is tried again,"""
GIVEN_UP = timedelta(days=2)
"""and for how long after its end."""
KEPT = 200
"""Promises that are over, in the list; all are in the journal."""
SURE = 0.9
"""Probability with which a reserve must be there."""
AHEAD = timedelta(hours=36)
"""How long before its start the baseline of a response is first worked out."""


OVER = ("kept", "broken", "unknown")
"""States of promises that are over."""
_Parsed = tuple[CommitmentsFile, tuple[tuple[date, Told], ...]]
"""The promises of the file, and what the market was told of each day."""


class Owed:
    """Everything that is promised. ``orders`` tells those in force or to come, of everybody.

    Without ``recording`` promises are planned for, and nobody judges them.
    """

    def __init__(
        self,
        recording: Recording | None,
        zone: str,
        *,
        file: Path | None = None,
        orders: Callable[[], Sequence[Order]] = tuple,
        do: Do = at_once,
    ) -> None:
        self.recording, self.file, self._orders, self._do = recording, file, orders, do
        self.newest: tuple[Commitment, ...] = ()
        """What the planner is to keep; another object whenever it changes."""
        self.market: Market | None = None
        self.problem = ""
        """What is wrong with the file; what stood there before still counts."""
        self._zone = zone_named(zone)
        self._judge = None if recording is None else Judge(recording.history, zone)
        self._read: CommitmentsFile | None = None
        self._stamp: object = None
        self._looked: datetime | None = None
        self._looking = False
        self._written: dict[str, Promised] = {}
        self._ordered: dict[str, Promised] = {}
        self._ending: list[Promised] = []
        self._parsed: queue.SimpleQueue[_Parsed] = queue.SimpleQueue()
        self._unjudged: queue.SimpleQueue[Promised] = queue.SimpleQueue()
        listed = _listed(recording)
        self._over = [each for each in listed if each["state"] in OVER][-KEPT:]
        self._ended = {_identity(each) for each in self._over if each["state"] != "unknown"}
        self._was_ready = {_identity(each): _moments(each.get("ready")) for each in listed}
        self._moved: datetime | None = None
        self._shown: dict[str, Any] = {}

    def stand(self, standing: Standing) -> None:
        """The plant stands for other days from now on."""
        if self._judge is not None:
            self._judge.stand(standing.network)

    def look(self, image: Image, decision: Decision | None = None) -> None:
        """After each cycle."""
        self.follow(image.at, self._orders())

    def close(self) -> None:
        """Nothing is to be let go of."""

    def again(self) -> None:
        """Have the file and the days that were told read again."""
        self._stamp = self._looked = None

    def troubles(self) -> list[tuple[str, str, str]]:
        """What is wrong with the file, as the alarms take it."""
        return [("fault", "commitments", self.problem)] if self.problem else []

    def ready(self, envelope: Envelope) -> None:
        """What the plant could give more or less than planned: what reserves are judged by."""
        for each in list(self._written.values()):
            promised = each.commitment
            if each.state == "running" and promised.kind.startswith("reserve"):
                side = envelope.up if promised.kind == "reserve up" else envelope.down
                each.ready[quarter_of(envelope.made)] = envelope.at(side, promised.hours, SURE)

    def follow(self, now: datetime, orders: Sequence[Order]) -> None:
        """Take in what is owed at a moment, and what became of it."""
        if self._looked is None or abs(now - self._looked) >= LOOKED:
            self._looked = now
            if not self._looking:  # a disk that hangs is asked once
                self._looking = True
                self._do(self._look)
        while not self._parsed.empty():
            self._put(self._parsed.get())
        self._take_orders(now, orders)
        for each in [*self._written.values(), *self._ordered.values()]:
            self._move_on(each, now)
        self._settle(now)
        self._tell_planner(now)
        self._show(now)

    # -- what is owed -----------------------------------------------------------------------------

    def _look(self) -> None:
        try:
            self._take_file()
        finally:
            self._looking = False

    def _take_file(self) -> None:
        """Read the file if it has changed; what is wrong leaves everything as it was."""
        days = None if self.recording is None else self.recording.folder.days_ahead
        with suppress(OSError):
            stamp = tuple(
                path.stat().st_mtime_ns
                for path in (self.file, days)
                if path is not None and path.exists()
            )
            if stamp == self._stamp:
                return
            self._stamp = stamp
        try:
            if self.file is not None:
                self._read = read_commitments(self.file, self._zone)
            self.problem = ""
        except InputError as error:
            self.problem = " | ".join(str(error).splitlines())
        if self._read is not None:
            told = () if self.recording is None else read_told(self.recording.folder, self._zone)
            self._parsed.put((self._read, tuple(told)))

    def _put(self, parsed: _Parsed) -> None:
        """The promises of the file and of accepted days; those that go on stay what they are."""
        file, told_before = parsed
        self.market = file.market
        found: dict[str, Promised] = {}
        for written in file.commitments:
            reduction = float(written.value or 0.0) if written.kind == "response" else np.nan
            commitment = written.commitment(self._zone)
            found[written.name] = Promised(commitment, written.kind, "file", reduction=reduction)
        for day, told in told_before:
            if file.market is not None and file.market.accepts(day):
                promised = told.commitment(file.market.price, file.market.tolerance)
                found[promised.name] = Promised(promised, "schedule", "market")
        before = self._written
        self._written = {
            name: before[name] if name in before and before[name].same(each) else each
            for name, each in found.items()
            if each.identity() not in self._ended
        }
        for each in self._written.values():  # what was ready before a restart
            each.ready = {**self._was_ready.get(each.identity(), {}), **each.ready}

    def _take_orders(self, now: datetime, orders: Sequence[Order]) -> None:
        """Orders for the whole plant as promises, those that go on as the same ones."""
        found: dict[str, Commitment] = {}
        for order in orders:
            if order.kind != "device":
                name = name_of(order, self._zone)
                found.setdefault(name, ordered(order, name, now))
        for name, commitment in found.items():
            each = self._ordered.get(name)
            if each is None:
                source = name.partition(":")[0]
                each = self._ordered[name] = Promised(commitment, commitment.kind, source)
            begun = min(each.commitment.start, commitment.start)
            each.commitment = replace(commitment, start=begun)
            each.met(now)
        for name, each in list(self._ordered.items()):
            if name not in found:
                del self._ordered[name]
                each.commitment = replace(each.commitment, until=min(now, each.commitment.until))
                if each.state == "running" and now - each.commitment.start >= MINUTE:
                    self._ending.append(each)

    def _tell_planner(self, now: datetime) -> None:
        """The promises that the planner is to keep, as far as they have changed.

        One that comes, goes or begins counts at once, a value that moves on once a minute.
        """
        owed = [*self._written.values(), *self._ordered.values()]
        new = tuple(on_grid(each.commitment, now) for each in owed if each.is_planned(now))
        if _alike(new, self.newest):
            return
        moved = [(c.name, c.start, c.until) for c in new] == [
            (c.name, c.start, c.until) for c in self.newest
        ]
        if not moved or self._moved is None or abs(now - self._moved) >= SETTLED:
            self._moved, self.newest = now, new

    # -- what becomes of it -----------------------------------------------------------------------

    def _move_on(self, each: Promised, now: datetime) -> None:
        promised, before = each.commitment, each.state
        if each.kind == "response" and promised.start - AHEAD <= now < promised.until:
            begun = now >= promised.start
            if each.based != begun:  # once before, from like days; once more with the day itself
                each.based = begun
                self._do(partial(self._lay_baseline, each))
        if before == "ahead" and now >= promised.start:
            each.state = "running"
            self._note(each.plain(), now)
        if now >= promised.until and self._written.get(promised.name) is each:
            self._ended.add(each.identity())
            del self._written[promised.name]
            self._ending.append(each)

    def _lay_baseline(self, each: Promised) -> None:
        """The net export that a reduction comes to, by the baseline that is known by now."""
        if self._judge is None:
            return
        with suppress(InputError):  # nothing is known yet: it is not planned for
            value = self._judge.floor_of(each, self._events())
            each.commitment = replace(each.commitment, value=value)

    def _settle(self, now: datetime) -> None:
        """Have judged what is over, once its last values are in the history."""
        while not self._unjudged.empty():
            each = self._unjudged.get()
            each.due = now + RETRIED
            if now - each.commitment.until < GIVEN_UP:
                self._ending.append(each)
        ready = [
            each for each in self._ending if now >= (each.due or each.commitment.until + WRITTEN)
        ]
        self._ending = [each for each in self._ending if each not in ready]
        for each in ready:
            self._do(partial(self._judged, each))

    def _judged(self, each: Promised) -> None:
        if self._judge is None:
            return
        said = each.plain()
        try:
            came = self._judge.delivery(each, self._events())
            said |= {
                "state": "kept" if came.kept else "broken", "delivered": plain(came.delivered),
                "share": plain(came.share), "method": came.method,
            }  # fmt: skip
        except Exception as error:  # it cannot be told by now: that is no breach
            said |= {"state": "unknown", "delivered": None, "share": None, "method": str(error)}
            said |= _ready_of(each)
            self._unjudged.put(each)
        identity = each.identity()
        before = [one for one in self._over if _identity(one) == identity]
        rest = [one for one in self._over if _identity(one) != identity]
        self._over = [*rest, said][-KEPT:]
        if [one["state"] for one in before] != [said["state"]]:  # tried again in vain: no news
            self._note(said, each.commitment.until)

    def _events(self) -> list[Span]:
        """When reductions were called before: such days are no like days."""
        return [
            (datetime.fromisoformat(each["start"]), datetime.fromisoformat(each["until"]))
            for each in self._over
            if each["kind"] == "response"
        ]

    def _show(self, now: datetime) -> None:
        """The list into the folder, when anything in it has changed."""
        if self.recording is None:
            return
        listed = [*self._over]
        listed += [
            each.plain() | _ready_of(each)
            for each in (*self._written.values(), *self._ordered.values())
        ]
        listed.sort(key=lambda each: str(each["start"]))
        shown: dict[str, Any] = {"list": listed, "problem": self.problem}
        if shown != self._shown:
            self._shown = shown
            said = {"made": now.isoformat(), **shown}
            self.recording.file(self.recording.folder.commitments, said)

    def _note(self, said: Mapping[str, Any], now: datetime) -> None:
        if self.recording is None:
            return
        known = max(now, datetime.fromisoformat(str(said["start"])))
        self.recording.note([
            Entry(kind="commitment", key=str(said["name"]), event=known, known=known, payload=said)
        ])  # fmt: skip


def _alike(new: Sequence[Commitment], old: Sequence[Commitment]) -> bool:
    """Whether they say the same; values may be arrays."""
    return len(new) == len(old) and all(
        replace(a, value=0.0) == replace(b, value=0.0) and np.array_equal(a.value, b.value)
        for a, b in zip(new, old, strict=True)
    )


def _listed(recording: Recording | None) -> list[dict[str, Any]]:
    """The list as the controller before this one has left it."""
    if recording is None:
        return []
    try:
        found = json.loads(recording.folder.commitments.read_bytes())["list"]
        return [dict(each) for each in found if each["state"] and _identity(each)]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _identity(said: Mapping[str, Any]) -> tuple[str, str, str]:
    """As `Promised.identity`, of one as the folder says it."""
    return said["name"], said["start"], said["until"]


def _ready_of(each: Promised) -> dict[str, Any]:
    """What reserve there was, as the folder says it for a controller that begins anew."""
    ready = dict(each.ready)  # a worker may add to it meanwhile
    return {"ready": {at.isoformat(): plain(mw) for at, mw in ready.items()}} if ready else {}


def _moments(said: Mapping[str, float | None] | None) -> dict[datetime, float]:
    """What `_ready_of` has said."""
    found = (said or {}).items()
    return {datetime.fromisoformat(at): np.nan if mw is None else float(mw) for at, mw in found}

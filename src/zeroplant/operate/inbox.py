"""The inbox: what persons have put into ``orders/``, and the answers they get.

The folder is looked through beside the cycle, which takes what was found: a disk that hangs keeps
nobody waiting but those who have just written to it.
"""

from __future__ import annotations

import queue
from collections.abc import Container
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeGuard

from zeroplant.operate.alarms import Alarms
from zeroplant.operate.entries import alarmed, ordered
from zeroplant.operate.folder import answered, remove, waiting
from zeroplant.operate.orders import Order
from zeroplant.operate.recording import Content, Recording
from zeroplant.operate.wish import ORDERS, Wish
from zeroplant.operate.worker import Do, at_once
from zeroplant.store import Entry

KEPT = timedelta(days=1)
"""How long a wish stays in the folder after its end; the journal keeps it for ever."""
PATIENCE = timedelta(minutes=1)
"""How long the disk may take to answer before that is an alarm."""
SWEPT = timedelta(hours=1)
"""How often the folder is looked through for such wishes."""

Found = tuple[str, Wish | None, str]
"""A wish without an answer, as `folder.waiting` gives it."""


class Inbox:
    """Orders of persons, from their files; each is journalled, and answered once it is.

    The folder is the memory: what was accepted, has not lapsed and was not withdrawn stands again
    when another inbox begins on the same folder. It is looked through as ``do`` says: what is found
    by a look is taken in by the next cycle at the latest.
    """

    def __init__(self, recording: Recording, *, do: Do = at_once) -> None:
        self.recording, self.folder, self._do = recording, recording.folder, do
        self._held = {n: w for n, w, said in answered(self.folder) if _stands(w, said)}
        self._answered: set[str] = set()
        self._swept: datetime | None = None
        self._found: queue.SimpleQueue[list[Found] | Exception] = queue.SimpleQueue()
        self._looking: datetime | None = None

    def orders(
        self, now: datetime, alarms: Alarms, settable: Container[str] | None = None
    ) -> list[Order]:
        """Orders of persons that have not lapsed; new wishes are taken in and answered.

        Of single devices, only of flows that are ``settable`` (None: any).
        """
        self._take_in(now, alarms, settable)
        if self._looking is None:
            self._looking = now
            self._do(partial(self._look, now))
            self._take_in(now, alarms, settable)
        self._held = {name: wish for name, wish in self._held.items() if wish.until > now}
        return [wish.order() for wish in self._held.values()]

    def trouble(self, now: datetime) -> str:
        """Why persons are not heard, if the disk has not answered for a while."""
        if self._looking is None or now - self._looking < PATIENCE:
            return ""
        return f"{self.folder.orders.name}/ does not answer since {self._looking:%H:%M:%S} UTC"

    def said(self) -> list[dict[str, Any]]:
        """The orders that stand, with their names and whose they are, as plain data."""
        return [
            {"name": name, "person": wish.person, **ordered(wish.order())}
            for name, wish in self._held.items()
        ]

    def standing(self) -> dict[str, dict[str, Any]]:
        """The orders that stand by their names, as the journal says them."""
        return {name: {**wish.plain(), "accepted": True} for name, wish in self._held.items()}

    def _take_in(self, now: datetime, alarms: Alarms, settable: Container[str] | None) -> None:
        """Take in and answer what the last look has found, if it is over."""
        if self._found.empty():
            return
        self._looking, found = None, self._found.get()
        if isinstance(found, Exception):
            raise found
        self._answered &= {name for name, _, _ in found}  # others' answers are on the disk
        found.sort(key=lambda each: each[1] is not None and each[1].kind == "withdraw")
        for name, wish, wrong in found:
            if name in self._answered:  # the answer is still on its way to the disk
                continue
            self._answered.add(name)
            why = wrong if wish is None else self._taken(name, wish, now, alarms, settable)
            self._answer(name, wish, now, why)

    def _answer(self, name: str, wish: Wish | None, now: datetime, why: str) -> None:
        """Journal a wish with its answer, and give that when it is on the disk."""
        at = now.isoformat()
        said = {"accepted": not why, "at": at, "reason": why}
        payload, files = said, dict[Path, Content]()
        if wish is not None:  # both reasons are kept: the person's, and that of the answer
            payload = {**wish.plain(), **said, "reason": wish.reason, "answer": why}
            if wish.kind == "withdraw" and not why:
                # said in the order's own answer too, which outlasts this wish
                reason = f"withdrawn by {wish.person}"
                gone = {"accepted": True, "at": at, "reason": reason, "withdrawn": at}
                files[self.folder.answer(wish.key)] = gone
        files[self.folder.answer(name)] = said
        entry = Entry(kind="person", key=name, event=now, known=now, payload=payload)
        self.recording.note([entry], then=files)

    def _taken(
        self, name: str, wish: Wish, now: datetime, alarms: Alarms, settable: Container[str] | None
    ) -> str:
        """Do what a wish asks for; what is wrong with it, or nothing."""
        if wish.kind in ("acknowledge", "shelve"):
            code, _, key = wish.key.partition(": ")
            change = (
                alarms.acknowledge(now, code, key, wish.person)
                if wish.kind == "acknowledge"
                else alarms.shelve(now, code, key, wish.person, wish.until)
            )
            if change is None:
                return f"there is no alarm '{wish.key}'; write it as 'code: what it is about'"
            self.recording.note(alarmed([change]))
        elif wish.kind == "withdraw":
            if self._held.pop(wish.key, None) is None:
                return f"no order '{wish.key}' stands; write the name of its file without .json"
        elif wish.until <= now:
            return "it has lapsed already; write an 'until' that is still to come"
        elif wish.kind == "device" and settable is not None and wish.key not in settable:
            return (
                f"no flow that can be set is called '{wish.key}'; write one such as battery.charge"
            )
        else:
            self._held[name] = wish
        return ""

    # -- beside the cycle -------------------------------------------------------------------------

    def _look(self, now: datetime) -> None:
        """Look through the folder; whatever fails is told by the next `orders`."""
        try:
            if self._swept is None or abs(now - self._swept) >= SWEPT:
                self._swept = now
                self._sweep(now)
            self._found.put(list(waiting(self.folder)))
        except Exception as error:  # persons are heard again once it is mended
            self._found.put(error)

    def _sweep(self, now: datetime) -> None:
        """Take out of the folder what ended more than a day ago."""
        for name, wish, said in answered(self.folder):
            ended = now
            with suppress(ValueError):
                ended = datetime.fromisoformat(str(said.get("at")))
            if _stands(wish, said):
                ended = wish.until
            if ended.tzinfo is not None and ended < now - KEPT:
                remove(self.folder, name)


def _stands(wish: Wish | None, said: dict[str, Any]) -> TypeGuard[Wish]:
    """Whether a wish is an order that was accepted and not withdrawn."""
    accepted = said.get("accepted") is True and "withdrawn" not in said
    return accepted and wish is not None and wish.kind in ORDERS

"""Who calls on the plant and what they said, as the plant's folder tells people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from zeroplant.links.iec104 import Command, Outstation
from zeroplant.links.link import BUSY
from zeroplant.links.ocpp import StationLink
from zeroplant.links.openadr import Signal
from zeroplant.operate.alarms import Condition
from zeroplant.operate.entries import plain
from zeroplant.operate.orders import Order

Words = dict[str, str]
IN_FORCE = {"en": "in force", "zh": "执行中"}
LAPSED = {"en": "lapsed", "zh": "已失效"}
REPLACED = {"en": "replaced by a later one", "zh": "已被后续指令替代"}
RELEASED = {"en": "released by the centre", "zh": "调度已解除"}
AHEAD = {"en": "ahead", "zh": "未开始"}
OVER = {"en": "over", "zh": "已结束"}


def centre_told(outstation: Outstation) -> dict[str, Any]:
    """The line to the dispatch centre."""
    contact = outstation.contact()
    return {
        "configured": True,
        "connected": contact.connected > 0,
        "since": _said(contact.since),
        "peers": list(contact.peers),
        "last_heard": _said(contact.heard),
        "points": len(outstation.names),
    }


def command_told(
    command: Command, order: Order | None, word: Words, now: datetime
) -> dict[str, Any]:
    """A command; ``order`` is what it means where it still stands, else ``word`` is its state."""
    state = word if order is None else IN_FORCE if now < order.until else LAPSED
    until = command.until if order is None or order.standing else order.until
    return {
        "at": command.at.isoformat(),
        "point": command.point,
        "value": plain(command.value),
        "until": _said(until),
        "source": command.master,
        "state": state,
    }


def event_told(signal: Signal, now: datetime) -> dict[str, Any]:
    """An event of demand response, by the span that runs or comes next."""
    ends = [span.until for span in signal.spans]
    running = [span for span in signal.spans if span.until is None or span.until > now]
    shown = running[0] if running else signal.spans[-1]
    begun = signal.spans[0].start <= now
    return {
        "id": signal.event,
        "name": signal.name or signal.program,
        "start": signal.spans[0].start.isoformat(),
        "until": None if None in ends else _said(max(end for end in ends if end is not None)),
        "kind": signal.kind,
        "value": plain(shown.value),
        "state": OVER if not running else IN_FORCE if begun else AHEAD,
    }


def unsafe(link: StationLink) -> str:
    """Why nothing holds in a station that is there once its limit lapses; empty where it does."""
    session = link.session
    if session is None or session.silent or session.unsafe == BUSY:  # BUSY: it is being told
        return ""
    return session.unsafe


def unsafe_stations(links: Iterable[StationLink]) -> list[Condition]:
    """Those of which the alarms tell."""
    return [("no safe default", each.station.name, why) for each in links if (why := unsafe(each))]


def station_told(link: StationLink) -> dict[str, Any]:
    """A station; slots have batteries only where it swaps."""
    state, session = link.state, link.session
    swaps = link.station.pack is not None
    slots = []
    for number, connector in state.connectors.items():
        level = connector.values.get("level")
        slots.append(
            {
                "id": number,
                "pack": connector.serial if swaps else None,
                "soc": None if level is None else plain(level.value),
                "state": connector.status or None,
            }
        )
    return {
        "connected": session is not None and not session.silent,
        "since": None if session is None else session.since.isoformat(),
        "version": None if session is None else session.point.version,
        "unsafe": unsafe(link),
        "swaps": state.out if swaps else None,
        "slots": slots,
    }


def _said(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()

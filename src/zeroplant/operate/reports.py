"""What came of events, told to the server that sent them; kept until it has taken it.

The server may not listen when an event is over, and the controller may be started again before it
does: what is still to be told is in the plant's folder.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from aiohttp import ClientError

from zeroplant.axis import Floats
from zeroplant.links.clock import Clock
from zeroplant.links.openadr import Signal, Usage, Ven
from zeroplant.operate.commanded import signal_of, signal_said
from zeroplant.operate.entries import moment_of, plain
from zeroplant.operate.recording import Recording
from zeroplant.operate.responses import Finished

log = logging.getLogger(__name__)

TRIED = timedelta(days=1)
"""How long after an event began its report is worth another attempt."""


class Reports:
    """Reports that wait for their server; ``recording`` keeps them over a restart."""

    def __init__(self, ven: Ven, clock: Clock, recording: Recording | None) -> None:
        self._ven, self._clock, self._recording = ven, clock, recording
        self.waiting = [] if recording is None else _read(recording.folder.reports)

    def add(self, finished: Sequence[Finished], signals: Mapping[str, Signal]) -> None:
        """Have usage told, of events that came as one of ``signals`` (by `Finished.key`)."""
        found = [(signals[each.key], each) for each in finished if each.key in signals]
        if found:
            self.waiting += found
            self._keep()

    async def run(self) -> None:
        """Report what there is; what the server does not take is told again, for a day."""
        while True:
            for each in list(self.waiting):
                if await self._is_settled(*each):
                    self.waiting.remove(each)
                    self._keep()
            await self._clock.sleep(self._ven.every)

    async def _is_settled(self, signal: Signal, finished: Finished) -> bool:
        """Whether a report was taken, or is not worth another attempt."""
        try:
            if usages := _usages(finished, self._ven.name, signal.reports):
                await self._ven.report(signal, usages)
        except Exception as error:  # whatever it is: other reports go on
            log.warning("%s: report of %s: %r", self._ven.url, finished.key, error)
            mends = isinstance(error, (OSError, TimeoutError, ClientError))
            return not mends or self._clock.now() - finished.start >= TRIED
        return True

    def _keep(self) -> None:
        if self._recording is not None:
            said = {"reports": [_said(signal, each) for signal, each in self.waiting]}
            self._recording.file(self._recording.folder.reports, said)


def _usages(finished: Finished, name: str, wanted: Sequence[str]) -> list[Usage]:
    """What is reported of an event: usage, and the baseline where it asks for it."""
    kinds = {"USAGE": finished.metered}
    if "BASELINE" in wanted:
        kinds["BASELINE"] = finished.baseline
    return [
        Usage(name, finished.start, finished.step, [float(v) for v in values], kind)
        for kind, values in kinds.items()
        if all(math.isfinite(v) for v in values)
    ]


def _said(signal: Signal, finished: Finished) -> dict[str, Any]:
    return {
        "signal": signal_said(signal), "key": finished.key, "start": finished.start.isoformat(),
        "step": finished.step.total_seconds(),
        "metered": [plain(v) for v in finished.metered.tolist()],
        "baseline": [plain(v) for v in finished.baseline.tolist()],
    }  # fmt: skip


def _read(path: Path) -> list[tuple[Signal, Finished]]:
    """What waited when it was last written; nothing where that cannot be read."""
    try:
        return [_waiting(each) for each in json.loads(path.read_bytes())["reports"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def _waiting(said: Mapping[str, Any]) -> tuple[Signal, Finished]:
    start = moment_of(said["start"])
    step = timedelta(seconds=said["step"])
    metered, baseline = _values(said["metered"]), _values(said["baseline"])
    return signal_of(said["signal"]), Finished(said["key"], start, step, metered, baseline)


def _values(said: Sequence[float | None]) -> Floats:
    return np.array([math.nan if each is None else each for each in said], np.float64)

"""What is done again and again beside the service, whatever becomes of a single time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger("zeroplant.portal")


async def repeated(doing: Callable[[], Awaitable[object]], every: float) -> None:
    """Do something every so many seconds, for ever.

    A fault that nobody thought of does not end it, for nobody would notice: it is logged, once as
    long as it stays the same, and the next time may do better.
    """
    logged = ""
    while True:
        try:
            await doing()
            logged = ""
        except Exception as fault:  # of any kind: that is the point
            if repr(fault) != logged:
                log.exception("%s failed; it is tried again", doing.__qualname__)
            logged = repr(fault)
        await asyncio.sleep(every)

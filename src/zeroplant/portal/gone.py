"""Work for somebody who may go away before it is done: a slider that has moved on."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from fastapi import HTTPException, Request

Found = TypeVar("Found")
CLOSED = 499
"""What is written down of a request whose sender has gone; nobody reads the answer."""


async def while_there(request: Request, work: Coroutine[Any, Any, Found]) -> Found:
    """What the work comes to; it is cancelled when the sender goes. Its request was read wholly."""
    working, going = asyncio.create_task(work), asyncio.create_task(_gone(request))
    try:
        await asyncio.wait({working, going}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        raise HTTPException(CLOSED, "nobody waits for this any more")
    finally:
        working.cancel()
        going.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass

"""Tasks that run beside something and end with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks and wait until all have ended. Raises what one of them had died of."""
    ending = list(tasks)
    for task in ending:
        task.cancel()
    for came in await asyncio.gather(*ending, return_exceptions=True):
        if isinstance(came, Exception):
            raise came


@asynccontextmanager
async def beside(running: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run something beside what is done in the context, and end it with that."""
    task = asyncio.create_task(running)
    try:
        yield
    finally:
        await end([task])

"""The door: a request that would change something is read only once its sender is known.

The framework reads a body before any route is asked who may use it; a stranger's is left unread.
"""

from __future__ import annotations

import asyncio

from fastapi import Request

from zeroplant.portal.gate import StrangerError, recognised
from zeroplant.portal.problems import stranger
from zeroplant.portal.shell import CHANGING, Application, Receive, Scope, Send

OPEN = frozenset({"/login"})
"""Where strangers may send something: who they are."""


class Door:
    """Routes behind their door."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it here."""
        closed = scope["type"] == "http" and scope["method"] in CHANGING
        if closed and scope["path"] not in OPEN:
            request = Request(scope)
            try:
                await asyncio.to_thread(recognised, request)
            except StrangerError:
                await stranger(request)(scope, receive, send)
                return
        await self._app(scope, receive, send)

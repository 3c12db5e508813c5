"""The control room on a port of this machine, for what only a real connection shows."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from zeroplant.portal.app import application
from zeroplant.portal.server import server_of
from zeroplant.portal.service import Service


@contextmanager
def listening(service: Service) -> Iterator[str]:
    """Its address as long as the context lasts; the application closes the service."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = server_of(application(service), "127.0.0.1", port)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()

"""The server of the service: where it listens, by which rules, and for how long."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from zeroplant.portal.patience import Impatient
from zeroplant.portal.shell import Application

MOST_CONNECTIONS = 1000


def server_of(
    application: Application,
    host: str,
    port: int,
    certificate: Path | None = None,
    key: Path | None = None,
) -> uvicorn.Server:
    """A server of an application, by TLS 1.2 or newer where a certificate is given."""
    return uvicorn.Server(
        uvicorn.Config(
            application, host=host, port=port, http=Impatient, ws="none", log_config=None,
            log_level="warning", server_header=False, access_log=False, proxy_headers=False,
            limit_concurrency=MOST_CONNECTIONS, timeout_graceful_shutdown=3,
            ssl_certfile=certificate, ssl_keyfile=key,
            ssl_context_factory=_modern if certificate else None,
        )
    )  # fmt: skip


@contextmanager
def listening(
    application: Application, certificate: Path | None = None, key: Path | None = None
) -> Iterator[str]:
    """A server beside what is done in the context, on a free port of this machine; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = server_of(application, "127.0.0.1", port, certificate, key)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def _modern(_: uvicorn.Config, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """TLS 1.2 at least: older ones have been broken (RFC 8996)."""
    context = default()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context

"""The server of the service: where it listens, by which rules, and for how long."""

from __future__ import annotations

import ssl
from collections.abc import Callable
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


def _modern(_: uvicorn.Config, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """TLS 1.2 at least: older ones have been broken (RFC 8996)."""
    context = default()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context

"""How the lines are opened on which others call."""

from __future__ import annotations

import ssl

from zeroplant.errors import InputError, Problem
from zeroplant.links.iec104 import Outstation
from zeroplant.links.ocpp import CentralSystem
from zeroplant.operate.callers_file import StationsSection


def tls_of(stations: StationsSection) -> ssl.SSLContext | None:
    """What the line to stations is enciphered with; None where it does not leave the machine.

    Raises InputError.
    """
    if stations.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(stations.certificate, stations.key)
    except OSError as error:  # ssl.SSLError is one
        problem = Problem(
            f"the certificate cannot be used: {error.strerror or error}",
            file=stations.certificate,
            instead="name a PEM file and its key",
        )
        raise InputError(problem) from None
    return context


async def listening(server: Outstation | CentralSystem, place: str) -> None:
    """Open a server at a place. Raises InputError if the port cannot be had."""
    host, _, port = place.rpartition(":")
    try:
        await server.open(host.strip("[]"), int(port))
    except OSError as error:
        problem = Problem(f"cannot listen at {place}: {error.strerror or error}")
        raise InputError(problem) from None

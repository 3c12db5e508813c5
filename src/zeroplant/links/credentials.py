"""Who we are to a broker: from the environment, so that no file of the plant holds a secret."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

from zeroplant.errors import InputError, Problem
from zeroplant.links.address import is_open

USER, PASSWORD, CERTIFICATE = "ZEROPLANT_MQTT_USER", "ZEROPLANT_MQTT_PASSWORD", "ZEROPLANT_MQTT_CA"


@dataclass(frozen=True)
class Credentials:
    """Name and password, and how the broker proves who it is; None for what is not used."""

    user: str | None = None
    password: str | None = None
    tls: ssl.SSLContext | None = None


def credentials(host: str, environment: Mapping[str, str] = os.environ) -> Credentials:
    """What the environment says, for a broker at ``host``.

    ``ZEROPLANT_MQTT_CA`` names a file with certificates and turns encryption on. Raises InputError
    where it holds none, and where a password would leave this machine in clear.
    """
    tls = None
    if file := environment.get(CERTIFICATE):
        try:
            tls = ssl.create_default_context(cafile=file)
        except (OSError, ssl.SSLError) as error:
            what = f"'{file}' holds no certificate: {error.strerror or error}"
            raise InputError(Problem(what, where=CERTIFICATE)) from None
    if tls is None and environment.get(PASSWORD) and is_open(host):
        what = f"the password would go to {host} in clear"
        raise InputError(Problem(what, instead=f"name the broker's certificates as {CERTIFICATE}"))
    return Credentials(environment.get(USER), environment.get(PASSWORD), tls)

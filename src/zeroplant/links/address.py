"""Where a device is: ``HOST:PORT``, and behind a slash what tells it from others there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address

from zeroplant.errors import InputError, Problem

_FORM = re.compile(r"(?:\[([^\]/]+)\]|([^:/\s\[\]]+)):(\d{1,5})(?:/(.*))?")


def is_open(host: str) -> bool:
    """Whether what is said to a host leaves this machine."""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


@dataclass(frozen=True)
class Address:
    """``path`` is the device id on Modbus, the meter's number on DL/T 645, the topic on MQTT."""

    host: str
    port: int
    path: str = ""

    @classmethod
    def parse(cls, text: str) -> Address:
        """``HOST:PORT`` or ``HOST:PORT/PATH``; IPv6 in brackets. Raises InputError."""
        found = _FORM.fullmatch(text.strip())
        if found is None or not 0 < int(found[3]) < 65536:
            instead = "write HOST:PORT or HOST:PORT/DEVICE, such as 192.168.1.20:502/1"
            raise InputError(Problem(f"'{text}' is no address", instead=instead))
        return cls(found[1] or found[2], int(found[3]), found[4] or "")

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" + (f"/{self.path}" if self.path else "")

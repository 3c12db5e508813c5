"""Any device of the twin on its real protocol: sockets on loopback, values from callbacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from zeroplant.links.address import Address
from zeroplant.links.clock import Clock
from zeroplant.links.dlt645_template import Dlt645Template
from zeroplant.links.modbus_template import ModbusTemplate
from zeroplant.links.mqtt_template import MqttTemplate

ReadValues = Callable[[], Mapping[str, float]]
"""What the device measures now, by full point name; nan or absent where it does not know."""

WriteValue = Callable[[str, float, datetime | None], bool]
"""Point, value, and until when it holds (None: until told otherwise); whether it is accepted."""


@dataclass(frozen=True)
class Device:
    """What stands behind a server: ``read`` and ``write`` return at once."""

    name: str
    read: ReadValues
    write: WriteValue
    clock: Clock
    ratings: Mapping[str, str | float] = field(default_factory=dict)


class Server(Protocol):
    """A device that can be reached."""

    @property
    def at(self) -> str:
        """Its address, as a link is given it; known once it has started."""
        ...

    async def start(self) -> None:
        """Listen. Raises OSError if the place is taken."""
        ...

    async def stop(self) -> None:
        """Let go of the place and of everyone connected."""
        ...


def serve(
    template: ModbusTemplate | MqttTemplate | Dlt645Template,
    device: Device,
    at: str = "127.0.0.1:0",
) -> Server:
    """A device of a template on its protocol; port 0 takes a free one.

    For MQTT ``at`` is the broker and the topic of the device, ``127.0.0.1:1883/homes/7``.
    ``read`` and ``write`` of the device are called in the event loop's thread.
    """
    host, _, rest = at.partition(":")
    port, _, path = rest.partition("/")
    place = Address(host, int(port or 0), path)
    if isinstance(template, ModbusTemplate):
        from zeroplant.twin.wire.modbus import ModbusServer

        return ModbusServer(template, device, place)
    if isinstance(template, MqttTemplate):
        from zeroplant.twin.wire.mqtt import MqttDevice

        return MqttDevice(template, device, place)
    from zeroplant.twin.wire.dlt645 import Dlt645Server

    return Dlt645Server(template, device, place)

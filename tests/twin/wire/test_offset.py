"""Power that is sent plus 32000, as one number for both directions, by devices of each protocol."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.links.fakes import in_loop
from zeroplant.links import SystemClock
from zeroplant.links.connect import connect
from zeroplant.links.library import read_template
from zeroplant.twin.wire.broker import Broker
from zeroplant.twin.wire.serve import Device, serve

CLOCK = SystemClock()
READS = {
    "modbus": "{address: 100, type: int32}",
    "mqtt": "{topic: state, key: power}",
    "dlt645": '{identifier: "02030000", format: XXXXXX, signed: true}',
}


def written(folder: Path, protocol: str) -> Path:
    """A template of two points, whose number is the power in kW plus 32000."""
    points = "".join(
        f"  {name}: {{unit: kW, offset: -32000, part: {part}, most: 50 MW, "
        f"read: {READS[protocol]}}}\n"
        for name, part in (("discharge", "positive"), ("charge", "negative"))
    )
    path = folder / f"{protocol}.yaml"
    text = f"title: {{en: x, zh: x}}\nprotocol: {protocol}\nevery: 1 s\npoints:\n{points}"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("protocol", list(READS))
@pytest.mark.parametrize(("charge", "discharge"), [(0.0, 0.0), (5.0, 0.0), (0.0, 7.0)])
@in_loop
async def test_it_is_added_once(
    tmp_path: Path, protocol: str, charge: float, discharge: float
) -> None:
    values = {"b.charge": charge, "b.discharge": discharge}
    template = read_template(written(tmp_path, protocol))
    async with AsyncExitStack() as stack:
        at = {"modbus": "127.0.0.1:0", "dlt645": "127.0.0.1:0/42"}.get(protocol, "")
        if protocol == "mqtt":
            at = f"{(await stack.enter_async_context(Broker())).at}/b"
        server = serve(template, Device("b", lambda: values, lambda *_: False, CLOCK), at)
        await server.start()
        stack.push_async_callback(server.stop)
        keeper = connect(template, "b", server.at, CLOCK)
        stack.push_async_callback(keeper.close)
        read = {name: each.value for name, each in (await keeper.read()).items()}
    assert read == pytest.approx(values)

"""Which devices are out of service, where a share of all is.

A device is what stores hold together: charge and discharge of a battery, one group of a fleet's
rooms, a swap station; what fills no store is one with the rest of its asset. Connections are
none, nor is anything that nobody controls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zeroplant.operate.points import Points, asset_of, is_shed, possible_of
from zeroplant.waist import Network
from zeroplant.waist.words import Flow


@dataclass(frozen=True)
class Device:
    """Something that can be out of service: what is alike has the same ``kind``."""

    kind: tuple[object, ...]
    asset: str
    points: frozenset[str]


def devices_of(network: Network, points: Points, kinds: Mapping[str, str]) -> list[Device]:
    """What is controlled, in the order of its flows; ``kinds`` by asset."""
    held: dict[str, str] = {}  # the device of each flow, by the name of one of its stores
    for store in network.stores:
        moved = [flow.name for flow in (*store.fill, *store.drain)]
        joined = {held[name] for name in moved if name in held}
        held |= {name: store.name for name, device in held.items() if device in joined}
        held |= dict.fromkeys(moved, store.name)
    found: dict[tuple[str, str], list[Flow]] = {}
    for flow in network.flows:
        place = points.index.get(flow.name)
        if place is not None and points.writable[place] and flow.role and not is_shed(flow):
            found.setdefault((asset_of(flow.name), held.get(flow.name, "")), []).append(flow)
    devices = []
    for (asset, _), flows in found.items():
        names = {flow.name for flow in flows}
        names |= {s.name for s in network.stores if {f.name for f in (*s.fill, *s.drain)} & names}
        names |= {possible_of(name) for name in names} & set(points.names)
        roles = frozenset(word for flow in flows for word in (flow.role, *flow.tags))
        devices.append(Device((kinds.get(asset, ""), roles), asset, frozenset(names)))
    return devices


def drawn(devices: list[Device], share: float) -> list[Device]:
    """So many of them: of each kind its share, rounded down, and by lot what is left to all."""
    rng = np.random.default_rng(len(devices))
    gone: list[Device] = []
    left: list[Device] = []
    for kind in dict.fromkeys(device.kind for device in devices):
        alike = [device for device in devices if device.kind == kind]
        order = [alike[place] for place in rng.permutation(len(alike))]
        count = int(share * len(alike))
        gone += order[:count]
        left += order[count : count + 1]  # of each kind one more at most
    missing = max(1, round(share * len(devices))) - len(gone)
    return gone + [left[place] for place in rng.permutation(len(left))[:missing]]


def out_of_service(devices: list[Device], share: float, points: Points) -> list[int]:
    """Points of those that are drawn; an asset that is gone as a whole does not answer at all."""
    gone = drawn(devices, share)
    names = {name for device in gone for name in device.points}
    there = {device.asset for device in devices if device not in gone}
    whole = {device.asset for device in gone} - there
    return [
        place for place, name in enumerate(points.names) if name in names or asset_of(name) in whole
    ]

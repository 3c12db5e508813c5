"""Discrete events of swap stations on a road, compiled: arrays in, arrays out.

Imported only where it is run (numba takes a while to load). The rules of the simulation stand in
`corridor`. Tables are arrays of float64 with one row for each thing and the columns named below;
few arrays of one type compile and are handed on quickly.
"""
# ruff: noqa: PLR0917 - compiled functions take their arrays by place

from __future__ import annotations

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit

READY = 1e-9
"""State of charge by which a pack may miss its end and still be there."""
SOON = 1e-9
"""Hours that are no time: what lies so close together happens at once."""

# Stations: places of their first slots and lanes (the next row has the ends), figures in hours
# and MW, how packs are put in order, whether there is a schedule; then what changes.
SLOTS, LANES, LANE_TIME, SWAP_TIME, CHARGERS, CHARGER, EFFICIENCY, ROOM, ORDER = range(9)
PLANNED, RECOVERY, TICK, LAST, NEXT, WAITING, STATION_WIDTH = range(9, 16)
# Families of packs.
ENERGY, POWER, FULL, EMPTY, KIND_WIDTH = range(5)
# Each station in each period: schedule, limits, energy stored and full packs in hand at the
# period's begin and end; MWh charged and given back.
PLAN, MOST, MOST_BACK, STORED, STORED_END, READY_PACKS, READY_END = range(7)
CHARGED, GIVEN, PERIOD_WIDTH = range(7, 10)
# Slots of the racks: the pack's charge, family and number, when it is in, MW now.
SOC, FAMILY, PACK, BACK, FLOW, SLOT_WIDTH = range(6)
# Lanes: when they are free, and when they would be if no truck ever waited for a pack.
FREE, IDEAL, LANE_WIDTH = range(3)
# Trucks: what they take, when they set out, their first stop; charge and pack they carry.
TAKES, START, FIRST, CHARGE, CARRIED, CARRIES, TRUCK_WIDTH = range(7)
# Stops: where, whose, how far; and what happened there.
STATION, TRUCK, DRIVE, USED, ARRIVAL, SOC_IN, BEGIN, DELAY, SOC_OUT, STOP_WIDTH = range(10)


@njit(cache=True, nogil=True)
def run(
    stations: Floats, kinds: Floats, fits: Ints, plan: Floats, hours: float,
    slots: Floats, lanes: Floats, trucks: Floats, stops: Floats, cycles: Floats,
    by_arrival: Ints, queue: Ints, lines: Ints, heap: Floats,
) -> None:  # fmt: skip
    """All events up to the end of the last period, in their order.

    ``lines``, shape (stations · families, 2): head and tail of each line of waiting trucks in
    ``queue``. ``heap``, shape (trucks + 1, 2): trucks on the road, by arrival. ``stations`` has a
    last row for the ends of slots and lanes.
    """
    count, end = len(stations) - 1, plan.shape[1] * hours
    set_out, on_road = 0, 0
    for where in range(count):
        _share(stations, kinds, plan, hours, slots, where, 0.0)
        _name_next(stations, kinds, hours, slots, lanes, where, 0.0)
    while True:
        now, where, stop = _first_event(stations, trucks, stops, by_arrival, set_out, end)
        if on_road > 0 and heap[0, 0] < now:
            now, stop = heap[0, 0], int(heap[0, 1])
            on_road = _pop(heap, on_road)
        elif stop >= 0:
            set_out += 1
        elif where < 0:
            break
        if stop >= 0:
            where = int(stops[stop, STATION])
        _advance(stations, kinds, plan, hours, slots, cycles, where, now)
        if stop >= 0 and not _arrive(
            stations, lanes, trucks, stops, queue, lines, len(kinds), now, stop
        ):
            on_road = _drive_on(stops, heap, on_road, stop, now)
        while stations[where, WAITING] > 0.0:
            begun = _serve(
                stations, kinds, fits, slots, lanes, trucks, stops, queue, lines, where, now
            )
            if begun < 0:
                break
            on_road = _drive_on(stops, heap, on_road, begun, now + stations[where, SWAP_TIME])
        _share(stations, kinds, plan, hours, slots, where, now)
        _name_next(stations, kinds, hours, slots, lanes, where, now)
    for where in range(count):
        _advance(stations, kinds, plan, hours, slots, cycles, where, end)


@njit(cache=True, nogil=True)
def _first_event(
    stations: Floats, trucks: Floats, stops: Floats, by_arrival: Ints, set_out: int, end: float
) -> tuple[float, int, int]:
    """Time of the next event, and its station, or the stop of a truck that has set out."""
    now, where, stop = end, -1, -1
    for each in range(len(stations) - 1):
        if stations[each, NEXT] < now:
            now, where = stations[each, NEXT], each
    if set_out < len(by_arrival):
        truck = by_arrival[set_out]
        first = int(trucks[truck, FIRST])
        comes = trucks[truck, START] + stops[first, DRIVE]
        if comes < now:
            now, stop = comes, first
    return now, where, stop


@njit(cache=True, nogil=True)
def _advance(
    stations: Floats, kinds: Floats, plan: Floats, hours: float, slots: Floats, cycles: Floats,
    where: int, now: float,
) -> None:  # fmt: skip
    """Charge and discharge the packs of a station up to now; no period ends in between."""
    begin = stations[where, LAST]
    dt = now - begin
    stations[where, LAST] = now
    if dt <= 0.0:
        return
    period = min(int((begin + SOON) / hours), plan.shape[1] - 1)
    efficiency = stations[where, EFFICIENCY]
    for slot in range(int(stations[where, SLOTS]), int(stations[where + 1, SLOTS])):
        flow = slots[slot, FLOW]
        if flow == 0.0:
            continue
        kind = int(slots[slot, FAMILY])
        if flow > 0.0:
            gain = flow * dt * efficiency / kinds[kind, ENERGY]
            plan[where, period, CHARGED] += flow * dt
            cycles[int(slots[slot, PACK])] += gain
            slots[slot, SOC] += gain
            if abs(slots[slot, SOC] - kinds[kind, FULL]) <= READY:
                slots[slot, SOC] = kinds[kind, FULL]
        else:
            plan[where, period, GIVEN] -= flow * dt
            slots[slot, SOC] += flow * dt / (efficiency * kinds[kind, ENERGY])


@njit(cache=True, nogil=True)
def _arrive(
    stations: Floats, lanes: Floats, trucks: Floats, stops: Floats, queue: Ints, lines: Ints,
    families: int, now: float, stop: int,
) -> bool:  # fmt: skip
    """A truck comes and joins the line of its family; false if there is no room and it goes on."""
    where, truck = int(stops[stop, STATION]), int(stops[stop, TRUCK])
    stops[stop, ARRIVAL] = now
    stops[stop, SOC_IN] = trucks[truck, CHARGE] - stops[stop, USED]
    if stations[where, WAITING] >= stations[where, ROOM]:
        trucks[truck, CHARGE] = stops[stop, SOC_IN]
        return False
    # When its swap would begin if there were always a full pack: only lanes and order count.
    first = int(stations[where, LANES])
    for lane in range(first + 1, int(stations[where + 1, LANES])):
        if lanes[lane, IDEAL] < lanes[first, IDEAL]:
            first = lane
    stops[stop, DELAY] = max(now, lanes[first, IDEAL])
    lanes[first, IDEAL] = stops[stop, DELAY] + stations[where, LANE_TIME]
    line = where * families + int(trucks[truck, TAKES])
    queue[lines[line, 1]] = stop
    lines[line, 1] += 1
    stations[where, WAITING] += 1.0
    return True


@njit(cache=True, nogil=True)
def _serve(
    stations: Floats, kinds: Floats, fits: Ints, slots: Floats, lanes: Floats, trucks: Floats,
    stops: Floats, queue: Ints, lines: Ints, where: int, now: float,
) -> int:  # fmt: skip
    """Begin one swap if a lane is free and a full pack fits a truck, first come first served.

    A truck whose family has no full pack lets trucks of other families pass. Returns the stop
    whose swap begins, or -1.
    """
    lane, last = int(stations[where, LANES]), int(stations[where + 1, LANES])
    while lane < last and lanes[lane, FREE] > now + SOON:
        lane += 1
    if lane == last:
        return -1
    best, chosen, line = -1, -1, -1
    for kind in range(len(kinds)):
        each = where * len(kinds) + kind
        if lines[each, 0] == lines[each, 1]:
            continue
        stop = queue[lines[each, 0]]
        if best >= 0 and stops[stop, ARRIVAL] >= stops[best, ARRIVAL]:
            continue
        slot = _full_pack(stations, kinds, fits, slots, where, kind, now)
        if slot >= 0:
            best, chosen, line = stop, slot, each
    if best < 0:
        return -1
    lines[line, 0] += 1
    stations[where, WAITING] -= 1.0
    lanes[lane, FREE] = now + stations[where, LANE_TIME]
    stops[best, BEGIN] = now
    stops[best, DELAY] = now - stops[best, DELAY]
    _swap(slots, trucks, stops, best, chosen, now + stations[where, SWAP_TIME])
    return best


@njit(cache=True, nogil=True)
def _full_pack(
    stations: Floats, kinds: Floats, fits: Ints, slots: Floats, where: int, kind: int, now: float
) -> int:
    """A full pack for a truck of a family: of its own family first, of others that fit else."""
    other = -1
    for slot in range(int(stations[where, SLOTS]), int(stations[where + 1, SLOTS])):
        mine = int(slots[slot, FAMILY])
        if slots[slot, BACK] > now + SOON or slots[slot, SOC] < kinds[mine, FULL] - READY:
            continue
        if mine == kind:
            return slot
        if fits[kind, mine] and other < 0:
            other = slot
    return other


@njit(cache=True, nogil=True)
def _swap(slots: Floats, trucks: Floats, stops: Floats, stop: int, slot: int, back: float) -> None:
    """The truck's pack goes into the slot, the slot's pack into the truck."""
    truck = int(stops[stop, TRUCK])
    stops[stop, SOC_OUT] = slots[slot, SOC]
    slots[slot, SOC], trucks[truck, CHARGE] = max(stops[stop, SOC_IN], 0.0), slots[slot, SOC]
    slots[slot, PACK], trucks[truck, CARRIES] = trucks[truck, CARRIES], slots[slot, PACK]
    slots[slot, FAMILY], trucks[truck, CARRIED] = trucks[truck, CARRIED], slots[slot, FAMILY]
    slots[slot, FLOW] = 0.0
    slots[slot, BACK] = back


@njit(cache=True, nogil=True)
def _drive_on(stops: Floats, heap: Floats, on_road: int, stop: int, now: float) -> int:
    """On to the next stop of the truck, if it has one; how many are on the road then."""
    if stop + 1 < len(stops) and stops[stop + 1, TRUCK] == stops[stop, TRUCK]:
        return _push(heap, on_road, now + stops[stop + 1, DRIVE], stop + 1)
    return on_road


@njit(cache=True, nogil=True)
def _share(
    stations: Floats, kinds: Floats, plan: Floats, hours: float, slots: Floats, where: int,
    now: float,
) -> None:  # fmt: skip
    """Give the chargers to packs in their order, as far as the power goes."""
    first, last = int(stations[where, SLOTS]), int(stations[where + 1, SLOTS])
    wanted = _wanted(stations, kinds, plan, hours, slots, where, now)
    sign = 1.0 if wanted > 0.0 else -1.0
    left, chargers = abs(wanted), int(stations[where, CHARGERS])
    need, count = 0.0, 0
    for slot in range(first, last):
        slots[slot, FLOW] = 0.0
        if (
            wanted != 0.0
            and slots[slot, BACK] <= now + SOON
            and _key(stations, kinds, slots, where, slot, sign) < np.inf
        ):
            power = min(stations[where, CHARGER], kinds[int(slots[slot, FAMILY]), POWER])
            slots[slot, FLOW] = sign * power
            need += power
            count += 1
    if need <= left and count <= chargers:
        return
    for slot in range(first, last):
        if slots[slot, FLOW] != 0.0:
            slots[slot, FLOW] = np.nan
    while left > 1e-9 and chargers > 0 and count > 0:
        best, rank = -1, np.inf
        for slot in range(first, last):
            if np.isnan(slots[slot, FLOW]):
                key = _key(stations, kinds, slots, where, slot, sign)
                if key < rank:
                    best, rank = slot, key
        power = min(left, stations[where, CHARGER], kinds[int(slots[best, FAMILY]), POWER])
        slots[best, FLOW] = sign * power
        left -= power
        chargers -= 1
        count -= 1
    for slot in range(first, last):
        if np.isnan(slots[slot, FLOW]):
            slots[slot, FLOW] = 0.0


@njit(cache=True, nogil=True)
def _key(
    stations: Floats, kinds: Floats, slots: Floats, where: int, slot: int, sign: float
) -> float:
    """The place of a pack in the order of charging (or of giving back); infinite if in none."""
    kind, soc = int(slots[slot, FAMILY]), slots[slot, SOC]
    if sign < 0.0:  # the emptiest give back, so that full packs stay full
        return float(soc) if soc > kinds[kind, EMPTY] + READY else np.inf
    missing = kinds[kind, FULL] - soc
    if missing <= READY:
        return np.inf
    if stations[where, ORDER] == 0.0:
        return float(missing * kinds[kind, ENERGY])
    return float(soc if stations[where, ORDER] == 1.0 else slots[slot, BACK])


@njit(cache=True, nogil=True)
def _wanted(
    stations: Floats, kinds: Floats, plan: Floats, hours: float, slots: Floats, where: int,
    now: float,
) -> float:  # fmt: skip
    """Power of the station now: all it may take, or its plan and what makes up for surprises.

    At least what charges as many packs as are missing of those that are to be full.
    """
    period = min(int((now + SOON) / hours), plan.shape[1] - 1)
    if stations[where, PLANNED] == 0.0:
        return float(plan[where, period, MOST])
    stored, full = 0.0, -stations[where, WAITING]
    for slot in range(int(stations[where, SLOTS]), int(stations[where + 1, SLOTS])):
        kind = int(slots[slot, FAMILY])
        stored += slots[slot, SOC] * kinds[kind, ENERGY]
        if slots[slot, BACK] <= now + SOON and slots[slot, SOC] >= kinds[kind, FULL] - READY:
            full += 1.0
    done = min(max(now / hours - period, 0.0), 1.0)
    should = plan[where, period, STORED] * (1.0 - done) + plan[where, period, STORED_END] * done
    planned = plan[where, period, PLAN]
    catch_up = (should - stored) / (stations[where, EFFICIENCY] * stations[where, RECOVERY])
    ready = plan[where, period, READY_PACKS] * (1.0 - done) + plan[where, period, READY_END] * done
    if ready > full:
        least = np.ceil(ready - full - READY) * stations[where, CHARGER]
    else:
        least = -plan[where, period, MOST_BACK] if planned < 0.0 else 0.0
    return float(min(max(planned + catch_up, least), plan[where, period, MOST]))


@njit(cache=True, nogil=True)
def _name_next(
    stations: Floats, kinds: Floats, hours: float, slots: Floats, lanes: Floats, where: int,
    now: float,
) -> None:  # fmt: skip
    """When something happens next at a station that no truck brings."""
    found = (np.floor((now + SOON) / hours) + 1.0) * hours
    if stations[where, PLANNED] != 0.0:
        found = min(found, now + stations[where, TICK])
    if stations[where, WAITING] > 0.0:
        for lane in range(int(stations[where, LANES]), int(stations[where + 1, LANES])):
            if lanes[lane, FREE] > now + SOON:
                found = min(found, lanes[lane, FREE])
    efficiency = stations[where, EFFICIENCY]
    for slot in range(int(stations[where, SLOTS]), int(stations[where + 1, SLOTS])):
        flow, soc, kind = slots[slot, FLOW], slots[slot, SOC], int(slots[slot, FAMILY])
        if slots[slot, BACK] > now + SOON:
            found = min(found, slots[slot, BACK])
        elif flow > 0.0:
            left = (kinds[kind, FULL] - soc) * kinds[kind, ENERGY]
            found = min(found, now + left / (efficiency * flow))
        elif flow < 0.0:
            left = (soc - kinds[kind, EMPTY]) * kinds[kind, ENERGY]
            found = min(found, now - left * efficiency / flow)
    stations[where, NEXT] = max(found, now + SOON)


@njit(cache=True, nogil=True)
def _push(heap: Floats, size: int, time: float, stop: int) -> int:
    """Put a truck on the road into the heap; its new size."""
    place = size
    while place > 0:
        parent = (place - 1) // 2
        if heap[parent, 0] <= time:
            break
        heap[place, 0], heap[place, 1] = heap[parent, 0], heap[parent, 1]
        place = parent
    heap[place, 0], heap[place, 1] = time, stop
    return size + 1


@njit(cache=True, nogil=True)
def _pop(heap: Floats, size: int) -> int:
    """Take out the truck that arrives first; the new size of the heap."""
    size -= 1
    time, stop, place = heap[size, 0], heap[size, 1], 0
    while 2 * place + 1 < size:
        child = 2 * place + 1
        if child + 1 < size and heap[child + 1, 0] < heap[child, 0]:
            child += 1
        if time <= heap[child, 0]:
            break
        heap[place, 0], heap[place, 1] = heap[child, 0], heap[child, 1]
        place = child
    heap[place, 0], heap[place, 1] = time, stop
    return size

"""Compiled walk through the days of a group of rooms; see `zeroplant.homes.room_store`.

Numbers only: the shapes are (rooms,), (stages,), (days,) and (rooms, stages of a day). Compiled
functions take no keywords here, hence the long lists.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zeroplant.axis import Floats, Ints
from zeroplant.kernels import njit

Shares = NDArray[np.float32]

OFTEN = np.array([0.1, 0.3, 0.5, 0.5, 0.3, 0.5, 0.5])
"""A prototype promises a cut in the hours that need at least this share of the day's most, …"""
DEEP = np.array([0.5, 0.7, 0.8, 1.0, 0.7, 0.8, 0.8])
"""… this share of what the rooms need on average, …"""
HIGH = np.array([0.0, 0.0, 0.0, 0.0, 0.3, 0.3, 0.6])
"""… and in all hours a rise by this share of what they have to spare; the best is taken."""
LEAST = 0.1
"""A room that could take part with less than this share of its band stays out for the day."""

LEAST_MOVE = 1e-6
"""A move of the state smaller than this is none."""
RETURN = 0.3
"""A room returns to its target width where that takes at most this share of its spare power."""


@njit(cache=True, nogil=True)
def hold(  # noqa: PLR0917
    mode: int, first: int, last: int, room: Floats, factor: Floats, indoor: Floats,
    power: Floats, grip: Floats,
) -> None:  # fmt: skip
    """A day of the thermostats: fills ``power`` [MW] and ``grip`` [K/MW] of each room and hour.

    ``room`` (rooms, 9): keep, R, rated power, cop, heating cop, summer, winter, band, C;
    ``factor`` (2, stages): what weather makes of the cop for cooling and for heating. ``power``
    holds the temperature [°C] at which the room would settle without a machine, before.
    ``indoor`` (rooms, hours + 1) holds the start in its first column and gets the temperature at
    the end of each hour. On its easy side (cool in summer, warm in winter) a room stays within
    its band by its people: windows, blankets, another stove.
    """
    for i in range(room.shape[0]):
        keep, resistance, rated = room[i, 0], room[i, 1], room[i, 2]
        summer, winter, band = room[i, 5], room[i, 6], room[i, 7]
        for t in range(first, last):
            j = t - first
            free = keep * indoor[i, j] + (1.0 - keep) * power[i, j]
            if mode == 0:
                grip[i, j], power[i, j] = 0.0, 0.0
                indoor[i, j + 1] = min(max(free, winter - band), summer + band)
                continue
            if mode > 0:
                grip[i, j] = (1.0 - keep) * resistance * room[i, 3] * factor[0, t]
                power[i, j] = min(max((free - summer) / grip[i, j], 0.0), rated)
                indoor[i, j + 1] = max(free - grip[i, j] * power[i, j], summer - band)
            else:
                grip[i, j] = (1.0 - keep) * resistance * room[i, 4] * factor[1, t]
                power[i, j] = min(max((winter - free) / grip[i, j], 0.0), rated)
                indoor[i, j + 1] = min(free + grip[i, j] * power[i, j], winter + band)


@njit(cache=True, nogil=True)
def scales(reach: Floats, rise: Floats, spare: Floats, weight: Floats, scale: Shares) -> None:
    """How far each room takes part today: the largest scale at which the prototype fits into it.

    ``reach`` (rooms, hours): the cut of a room's whole power, ``rise`` what is left to its
    rating, ``spare`` what its comfort leaves below its thermostat, all in bands; ``weight``
    (rooms,) its energy. A prototype is a cut of ``DEEP`` × the mean reach and one band of
    comfort in the hours of ``OFTEN``, and a rise of ``HIGH`` × the mean rise in all hours.
    """
    rooms, hours = reach.shape
    mean, more = np.zeros(hours), np.zeros(hours)
    total = weight.sum()
    for i in range(rooms):
        for j in range(hours):
            mean[j] += weight[i] * reach[i, j] / total
            more[j] += weight[i] * rise[i, j] / total
    best, trial = -1.0, np.empty(rooms)
    for choice in range(len(OFTEN)):
        floor = np.where(mean >= OFTEN[choice] * mean.max(), DEEP[choice] * np.minimum(mean, 1), 0)
        ceiling = HIGH[choice] * np.minimum(more, 1)
        joined = 0.0
        for i in range(rooms):
            most = 1.0
            for j in range(hours):
                if floor[j] > 0:
                    most = min(most, reach[i, j] / floor[j], spare[i, j])
                if ceiling[j] > 0:
                    most = min(most, rise[i, j] / ceiling[j])
            trial[i] = most if most >= LEAST else 0.0
            joined += weight[i] * trial[i]
        worth = joined * (floor.sum() + ceiling.sum())
        if worth > best:
            best = worth
            scale[:] = trial


@njit(cache=True, nogil=True)
def next_width(  # noqa: PLR0917
    width: float, target: float, own: float, keep: float, reserve: float, slack: float
) -> float:
    """Width of a room at the end of an hour; ``keep`` below 0 says that every room drifts.

    The room goes back to its target if the power this may take, ``slack`` [K] on either side,
    is well within what it has; else its width drifts, so that it needs none.
    """
    if keep < 0.0:
        return -1.0
    needs = abs(keep * target - own * width) * reserve
    return target if needs <= RETURN * slack else -1.0


@njit(cache=True, nogil=True)
def promise(  # noqa: PLR0917
    mode: int, first: int, last: int, room: Floats, indoor: Floats, power: Floats,
    grip: Floats, scale: Shares, out: Floats,
) -> None:  # fmt: skip
    """What the group can promise on a day, into ``out`` (7, stages); see `room_store`.

    The rows: pull, keep, lowest, highest, down, up, and the keep by which rooms chose to return
    to their target width, or −1 where none did.
    """
    part = np.flatnonzero(scale)
    width = room[part, 7] * scale[part]
    after = np.empty_like(width)
    down = up = 0.0
    for j in range(last - first):
        t = first + j
        guess = _mean_keep(part, width, room, grip[:, j])
        for attempt in range(2):
            chosen = guess if attempt == 0 else -1.0
            pull = back = held = 0.0
            for n, i in enumerate(part):
                slack = grip[i, j] * min(power[i, j], room[i, 2] - power[i, j])
                target = room[i, 7] * scale[i]
                after[n] = next_width(width[n], target, room[i, 0], chosen, max(down, up), slack)
                if after[n] > 0.0:
                    back += after[n] / grip[i, j]
                    held += room[i, 0] * width[n] / grip[i, j]
            keep = held / back if back > 0.0 else guess
            low, high = -1e30, 1e30
            for n, i in enumerate(part):
                if after[n] < 0.0:
                    after[n] = room[i, 0] * width[n] / keep
                pull += after[n] / grip[i, j]
                differ = keep * after[n] - room[i, 0] * width[n]
                less, more = max(differ * down, -differ * up), max(-differ * down, differ * up)
                low = max(low, (less - power[i, j] * grip[i, j]) / after[n])
                high = min(high, ((room[i, 2] - power[i, j]) * grip[i, j] - more) / after[n])
            if (low <= 0.0 and high >= 0.0) or attempt == 1:
                break
        low = low if low < -LEAST_MOVE else 0.0  # rounding, where all drift
        high = high if high > LEAST_MOVE else 0.0
        down = up = 1.0 if t + 1 < last else 0.0
        for n, i in enumerate(part):
            goal = room[i, 5] if mode > 0 else room[i, 6]
            off = (indoor[i, j + 1] - goal) * mode
            down = min(down, max(room[i, 7] - off, 0.0) / after[n])
            up = min(up, max(room[i, 7] + off, 0.0) / after[n])
            down = down if down > LEAST_MOVE else 0.0
            up = up if up > LEAST_MOVE else 0.0
            width[n] = after[n]
        out[:, t] = np.array([pull, keep, low, high, down, up, chosen])


@njit(cache=True, nogil=True)
def _mean_keep(part: Ints, width: Floats, room: Floats, grip: Floats) -> float:
    """Mean of the rooms' own keeps, by what each takes of the group's power."""
    pull = held = 0.0
    for n, i in enumerate(part):
        pull += width[n] / grip[i]
        held += room[i, 0] * width[n] / grip[i]
    return held / pull


@njit(cache=True, nogil=True)
def widths(  # noqa: PLR0917
    starts: Ints, room: Floats, power: Floats, grip: Floats, scale: Shares, limits: Floats,
    width: Floats,
) -> None:  # fmt: skip
    """Widths [K] of rooms at the end of each stage, (rooms, stages), under a promise.

    ``limits`` (4, stages): its keep, down, up and choice.

    The same choices as in `promise`, which knows all rooms of the group; here they may be few.
    """
    for day in range(len(starts) - 1):
        for i in range(room.shape[0]):
            target = now = room[i, 7] * scale[i, day]
            down = up = 0.0
            for t in range(starts[day], starts[day + 1]):
                if now == 0.0:
                    width[i, t] = 0.0
                    continue
                slack = grip[i, t] * min(power[i, t], room[i, 2] - power[i, t])
                then = next_width(now, target, room[i, 0], limits[3, t], max(down, up), slack)
                now = then if then > 0.0 else room[i, 0] * now / limits[0, t]
                width[i, t] = now
                down, up = limits[1, t], limits[2, t]


@njit(cache=True, nogil=True)
def settle(  # noqa: PLR0917
    first: int, last: int, room: Floats, gains: Floats, outdoor: Floats, sun: Floats,
    shape: Floats, power: Floats,
) -> None:  # fmt: skip
    """The temperatures [°C] at which rooms would settle without a machine, into ``power``."""
    for i in range(room.shape[0]):
        for t in range(first, last):
            heat = gains[i, 0] * shape[t] + gains[i, 1] * sun[t]
            power[i, t - first] = outdoor[t] + room[i, 1] * heat


@njit(cache=True, nogil=True)
def thermostats(  # noqa: PLR0917
    starts: Ints, modes: Ints, fresh: Ints, factor: Floats, room: Floats, gains: Floats,
    outdoor: Floats, sun: Floats, shape: Floats,
    power: Floats, grip: Floats, indoor: Floats,
) -> None:  # fmt: skip
    """Every room by itself, kept for all stages: arrays (rooms, stages), as `hold` fills them."""
    rooms = room.shape[0]
    for day in range(len(modes)):
        first, last, mode = starts[day], starts[day + 1], modes[day]
        air = np.empty((rooms, last - first + 1))
        for i in range(rooms):
            goal = room[i, 5] if mode > 0 else room[i, 6]
            air[i, 0] = goal if fresh[day] else indoor[i, first - 1]
        settle(first, last, room, gains, outdoor, sun, shape, power[:, first:last])
        hold(mode, first, last, room, factor, air, power[:, first:last], grip[:, first:last])
        indoor[:, first:last] = air[:, 1:]


@njit(cache=True, nogil=True)
def walk(  # noqa: PLR0917
    starts: Ints, modes: Ints, fresh: Ints, factor: Floats, room: Floats, gains: Floats,
    outdoor: Floats, sun: Floats, shape: Floats, flexible: bool,
    base: Floats, out: Floats, scale: Shares, extreme: Floats,
) -> None:  # fmt: skip
    """All days of a group of rooms, one after the other.

    ``starts`` (days + 1,): first stage of each day; ``fresh`` (days,): 1 where a chain begins.
    ``gains`` (rooms, 2): heat [MW] at shape 1, and per kW/m2 of sun. ``base`` (stages,) gets the
    power of all thermostats, ``out`` (7, stages) the promise, ``scale`` (rooms, days) who takes
    part, ``extreme`` (stages,) the kelvin that rooms miss their band by, whatever they do.
    """
    rooms = room.shape[0]
    longest = 0
    for day in range(len(modes)):
        longest = max(longest, starts[day + 1] - starts[day])
    indoor = np.empty((rooms, longest + 1))
    power = np.empty((rooms, longest))
    grip, reach = np.empty_like(power), np.empty_like(power)
    rise, spare = np.empty_like(power), np.empty_like(power)
    last_indoor = np.empty(rooms)
    weight = room[:, 7] * room[:, 8]
    for day in range(len(modes)):
        first, last, mode = starts[day], starts[day + 1], modes[day]
        hours = last - first
        for i in range(rooms):
            goal = room[i, 5] if mode > 0 else room[i, 6]
            indoor[i, 0] = goal if fresh[day] else last_indoor[i]
        settle(first, last, room, gains, outdoor, sun, shape, power)
        hold(mode, first, last, room, factor, indoor, power, grip)
        for i in range(rooms):
            last_indoor[i] = indoor[i, hours]
            goal = room[i, 5] if mode > 0 else room[i, 6]
            for j in range(hours):
                base[first + j] += power[i, j]
                reach[i, j] = power[i, j] * grip[i, j] / room[i, 7]
                rise[i, j] = (room[i, 2] - power[i, j]) * grip[i, j] / room[i, 7]
                miss = (indoor[i, j + 1] - goal) * mode - room[i, 7]
                spare[i, j] = -miss / room[i, 7]
                if mode != 0 and miss > 1e-9:
                    extreme[first + j] += miss
        if not flexible or mode == 0 or reach[:, :hours].max() <= 0.0:
            continue
        scales(reach[:, :hours], rise[:, :hours], spare[:, :hours], weight, scale[:, day])
        if scale[:, day].max() > 0.0:
            promise(mode, first, last, room, indoor, power, grip, scale[:, day], out)

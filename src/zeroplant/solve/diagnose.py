"""Why a network has no answer: the smallest violations that would give it one, in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array, eye_array, hstack

from zeroplant.axis import Floats
from zeroplant.solve.highs import HighsModel
from zeroplant.waist.matrix import MatrixProgram
from zeroplant.waist.network import Network
from zeroplant.waist.words import Flow, Store

MOST = 3
"""How many of what stands in the way are named."""
NOTHING = 1e-7
"""What a relaxation's rows may be off by as HiGHS counts."""
FAR = 1e7
"""A cap far above any plant."""


def diagnose(
    network: Network,
    program: MatrixProgram,
    nearest: Floats | None = None,
    deadline: float | None = None,
) -> str:
    """Name the balances and rules that cannot hold together, with the least they are off by.

    Each row may be broken at a price of 1 per unit; rows that stay broken in the cheapest
    answer are what stands in the way. An irreducible subset would be exact and useless here,
    because storage ties the whole year together. ``nearest`` is such an answer where a solver has
    found one already; else HiGHS seeks it within ``deadline`` seconds.
    """
    crossed = _crossed_bounds(network, program)
    if crossed:
        return f"the plant has no answer: {crossed}"
    short = np.zeros(0) if nearest is None else _violations(program, nearest)
    if not short.any():
        short = _least_violations(program, deadline)
    # A linear plant is named what it lacks, however little that is.
    least = NOTHING if program.integer.any() else 0.0
    worst = [row for row in np.argsort(-short, kind="stable")[:MOST] if short[row] > least]
    if not worst and program.integer.any():
        return "the plant has no answer, though its linear relaxation has one: whole numbers clash"
    if not worst:
        return "the plant has no answer; what stands in the way was not found in the time left"
    named = (f"{_row_name(network, program, row)} is off by {short[row]:.4g}" for row in worst)
    return f"the plant has no answer: {'; '.join(named)}"


def name_profit(network: Network, program: MatrixProgram, deadline: float | None = None) -> str:
    """Name what has a profit and no cap, where a network earns without limit.

    With a cap far above any plant on everything, what runs into it is what has no other.
    """
    held = replace(
        program, lower=np.maximum(program.lower, -FAR), upper=np.minimum(program.upper, FAR)
    )
    found_by = HighsModel(held).solve(deadline=deadline)
    # Where none was found in time, nothing is named.
    x = found_by.x if len(found_by.x) else np.zeros(len(program.cost))
    sizes = [(size.name, size.elements) for size in network.sizes]
    first = len(x) - network.size_elements
    found = [name for name, at in sizes if (np.abs(x[first:][at]) > 0.99 * FAR).any()]
    words: list[Flow | Store] = [] if found else [*network.flows, *network.stores]
    for place, word in enumerate(words):
        if (np.abs(x[program.layout.column(place)]) > 0.99 * FAR).any():
            found.append(word.name)
    named = ", ".join(f"'{name}'" for name in found[:3]) or "some flow or size"
    return f"the plant earns without limit: {named} pays and has no cap; give it a cap or a cost"


def _least_violations(program: MatrixProgram, deadline: float | None) -> Floats:
    """How far each row is broken in an answer that breaks as little as possible in all.

    Zeros where none was found within ``deadline`` seconds.
    """
    height, width = len(program.row_lower), len(program.cost)
    ones = eye_array(height, format="csc")
    elastic = MatrixProgram(
        cost=np.concatenate([np.zeros(width), np.ones(2 * height)]),
        lower=np.concatenate([program.lower, np.zeros(2 * height)]),
        upper=np.concatenate([program.upper, np.full(2 * height, np.inf)]),
        matrix=_int32(csc_array(hstack([program.matrix, ones, -ones], format="csc"))),
        row_lower=program.row_lower,
        row_upper=program.row_upper,
        integer=np.zeros(width + 2 * height, dtype=bool),
        offset=0.0,
        layout=program.layout,
    )
    answer = HighsModel(elastic).solve(deadline=deadline)
    if answer.status not in {"optimal", "feasible"}:
        return np.zeros(height)
    x = answer.x[width:]
    return x[:height] + x[height:]


def _violations(program: MatrixProgram, x: Floats) -> Floats:
    """How far each row is broken by an answer."""
    moved = program.matrix @ x
    outside = np.maximum(program.row_lower - moved, moved - program.row_upper)
    scale = 1.0 + program.magnitude @ np.abs(x)
    return np.where(outside > 1e-6 * scale, outside, 0.0)


def _crossed_bounds(network: Network, program: MatrixProgram) -> str:
    """A floor above its cap, or a rule's least above its most, in words."""
    crossed = np.flatnonzero(program.lower > program.upper)
    if not len(crossed):
        rows = np.flatnonzero(program.row_lower > program.row_upper)
        if not len(rows):
            return ""
        return f"the least of {_row_name(network, program, int(rows[0]))} is above its most"
    words: list[Flow | Store] = [*network.flows, *network.stores]
    block, stage = divmod(int(crossed[0]), program.layout.stages)
    if block < len(words):
        return f"the floor of '{words[block].name}' is above its cap at {_when(network, stage)}"
    place = int(crossed[0]) - len(words) * program.layout.stages
    names = [size.name for size in network.sizes for _ in range(size.count)]
    return f"the least of size '{names[place]}' is above its most"


def _int32(matrix: csc_array) -> csc_array:
    """The same matrix with the index type that HiGHS takes without a copy."""
    index, start = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    return csc_array((matrix.data, index, start), shape=matrix.shape)


def _when(network: Network, stage: int) -> str:
    """A stage on the plant's clock, with its chain if there are several."""
    axis = network.axis
    chain, period = divmod(stage, axis.periods)
    text = str(axis.local[period]).replace("T", " ")[:16]
    return text if len(axis.chains) == 1 else f"{text} of {axis.chains[chain].name}"


def _row_name(network: Network, program: MatrixProgram, row: int) -> str:
    layout = program.layout
    block, stage = divmod(int(row), layout.stages)
    nodes, stores = network.nodes, network.stores
    words: list[Flow | Store] = [*network.flows, *stores]
    if row >= layout.budgets:
        names = [b.name for b in network.budgets if b.integrates for _ in range(b.count)]
        return f"rule '{names[row - layout.budgets]}'"
    when = _when(network, stage)
    if block < len(nodes):
        return f"balance of '{nodes[block].name}' at {when}"
    if block < len(nodes) + len(stores):
        return f"level of '{stores[block - len(nodes)].name}' at {when}"
    for side, blocks in (("floor", layout.floors), ("cap", layout.caps)):
        for place, first in blocks.items():
            if first <= row < first + layout.stages:
                return f"{side} of '{words[place].name}' at {when}"
    rules = [budget.name for budget in network.budgets if not budget.integrates]
    # Rules over single stages stand last among the stage rows; before them are rich bounds.
    place = block - (layout.stage_rows - len(rules))
    return f"rule '{rules[place]}' at {when}" if place >= 0 else f"a bound at {when}"

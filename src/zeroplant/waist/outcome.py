"""What the ledger comes to in each chain of the axis: every weather year, every scenario."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from zeroplant.axis import Floats, Ints
from zeroplant.waist.linear import Affine, Linear, Term, Value, affine
from zeroplant.waist.network import Network
from zeroplant.waist.solution import Solution
from zeroplant.waist.words import Line, Size, unit_price


def cost_of_chain(network: Network, counts: Callable[[Line], bool]) -> Affine:
    """Money of each chain as if it were sure to come, for a budget over "chain".

    ``counts`` says which lines of the ledger count. What is bought for the whole horizon counts
    fully in every chain; a monthly peak or a breach belongs to the chain in which it lies. The
    mean over chains, by their weights, is the sum of the lines (for weights that add up to 1).
    """
    constant: Value = 0.0
    terms: list[Term] = []
    for line in filter(counts, network.lines):
        price = unit_price(line)
        constant = constant + float(np.sum(price * line.quantity.constant))
        for term in line.quantity.terms:
            coefficient = price * term.coefficient
            if isinstance(term.variable, Size) and term.variable.count > 1:
                # Its quantity in the line already carries the weight of its chain.
                share = _weights(network)[chain_of_elements(network, term.variable)]
                coefficient = np.divide(
                    coefficient, share, out=np.zeros_like(share), where=share > 0
                )
            terms.append(Term(term.variable, coefficient))
    return Affine(constant, tuple(terms))


def by_chain(solution: Solution, thing: Linear) -> Floats:
    """Value of an expression in each chain, shape (chains,).

    Flows and levels are integrated over the chain, sizes and constants count once in each, and
    sizes with several elements in the chain in which each lies: what a budget over "chain" adds.
    """
    axis = solution.network.axis
    count = len(axis.chains)
    expression = affine(thing)
    total = np.full(count, float(np.sum(expression.constant)))
    for term in expression.terms:
        values = np.asarray(term.coefficient * solution.value(term.variable))
        if not isinstance(term.variable, Size):
            total += np.bincount(axis.groups("chain"), axis.hours * values, count)
        elif term.variable.count == 1:
            total += float(values.sum())
        else:
            total += np.bincount(chain_of_elements(solution.network, term.variable), values, count)
    return total


def chain_of_elements(network: Network, size: Size) -> Ints:
    """The chain in which each element of a size lies."""
    found = np.zeros(size.count, dtype=np.int64)
    if size.groups is not None:
        found[size.groups] = network.axis.groups("chain")
    return found


def _weights(network: Network) -> Floats:
    return np.array([chain.weight for chain in network.axis.chains], dtype=float)

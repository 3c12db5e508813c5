"""The narrow waist: Axis, Node, Flow, Store, Size, Budget; what assets say and solvers hear."""

from zeroplant.waist.linear import Affine, Linear, affine, total_of
from zeroplant.waist.network import Network
from zeroplant.waist.scope import Scope
from zeroplant.waist.words import Budget, Flow, Investment, Line, Node, Size, Store

__all__ = [
    "Affine",
    "Budget",
    "Flow",
    "Investment",
    "Line",
    "Linear",
    "Network",
    "Node",
    "Scope",
    "Size",
    "Store",
    "affine",
    "total_of",
]

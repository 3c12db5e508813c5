"""A set-point, split over very many devices within what each can do now."""

from zeroplant.solve.fleet.split.merit import Offer, Split, split_by_merit
from zeroplant.solve.fleet.split.proportional import split_in_proportion
from zeroplant.solve.fleet.split.reach import Kinds, Pool, Reach, reach, reach_switching
from zeroplant.solve.fleet.split.rebound import Rebound, rebound

__all__ = [
    "Kinds",
    "Offer",
    "Pool",
    "Reach",
    "Rebound",
    "Split",
    "reach",
    "reach_switching",
    "rebound",
    "split_by_merit",
    "split_in_proportion",
]

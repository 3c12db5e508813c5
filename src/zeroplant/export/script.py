"""A small program that solves a plant by PyPSA, to go beside the files of its network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_SCRIPT = '''\
"""Solve the plant by PyPSA, with shared sizes and rules, which the CSV files leave out.

Needs zeroplant with PyPSA: pip install 'zeroplant[pypsa]'
"""

import logging

from zeroplant.export import to_pypsa
from zeroplant.plant import build, load_plant

logging.disable(logging.WARNING)  # PyPSA's notices

PLANT = {plant!r}
CHANGES = {changes!r}

plant = load_plant(PLANT, CHANGES)
network, rules = to_pypsa(build(plant).network)
network.optimize(solver_name="highs", extra_functionality=rules, include_objective_constant=False)
print(f"objective: {{network.objective!r}} {{plant.currency}}")
'''


def script(plant: Path, changes: Mapping[str, str]) -> str:
    """The program's text: it reads the plant file again, with the same entries replaced.

    The objective it prints is that of the plan, penalties included.
    """
    return _SCRIPT.format(plant=str(plant), changes=dict(changes))

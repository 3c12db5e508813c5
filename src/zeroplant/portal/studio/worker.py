"""What runs in the studio's own process: it plans, and never disturbs those that control."""

from __future__ import annotations

import multiprocessing
import os
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zeroplant.errors import InputError, SolveError

if TYPE_CHECKING:
    from zeroplant.solve.staged import Staged

NICENESS = 10
"""The control of the plant goes before the wishes of a planner."""
DEADLINE = 60.0


def begin() -> None:
    """Be quiet, and ready: compiled code is loaded before anybody waits for it."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(OSError, AttributeError):
        os.nice(NICENESS)
    from zeroplant.solve.warm import warm

    warm()


def _end_with_parent() -> None:
    """Nobody is left to plan for when the service ends, however it did."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def planned(path: Path, changes: dict[str, str]) -> dict[str, Any]:
    """A plan of the plant with some of its entries changed, as plain data.

    What is wrong comes back in ``problems``, a line each; an exception would not cross between
    processes with all it knows.
    """
    from zeroplant.plan import plan
    from zeroplant.plan.summary import summary
    from zeroplant.plant import load_plant

    try:
        result = plan(load_plant(path, changes), deadline=DEADLINE, advise=False, walker=_walker())
    except InputError as error:
        return {"problems": [str(problem) for problem in error.problems]}
    except SolveError as error:
        return {"problems": [str(error)]}
    found = summary(result)
    kept = ("status", "objective", "sizes", "size_units", "energy_mwh", "finance", "rules",
            "carbon", "prices", "currency", "solver", "seconds")  # fmt: skip
    finance = {key: value for key, value in found["finance"].items() if key != "statement"}
    kinds = {name: getattr(asset, "kind", "") for name, asset in result.plant.assets.items()}
    figures = {key: found[key] for key in kept}
    titles = {
        f"{each.rule}: {each.indicator}": (
            f"{each.rule_en}: {each.title_en}", f"{each.rule_zh}：{each.title_zh}"
        )
        for each in result.rules
    }  # fmt: skip
    if result.built.carbon_cap is not None:
        titles[result.built.carbon_cap.name] = ("cap on a year's emissions", "年碳排放上限")
    return {**figures, "finance": finance, "kinds": kinds, "titles": titles, "problems": []}


@cache
def _walker() -> Staged:
    """The staged solver of this process: one plan of a plant is begun where others led."""
    from zeroplant.solve.staged import Staged

    return Staged()

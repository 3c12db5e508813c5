"""Which asset kinds there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from inspect import isabstract
from pkgutil import iter_modules
from typing import get_args

import zeroplant.assets
from zeroplant.assets.base import Asset


@cache
def kinds() -> dict[str, type[Asset]]:
    """Every kind by the name a plant file calls it, from the modules of this folder."""
    for module in iter_modules(zeroplant.assets.__path__):
        import_module(f"{zeroplant.assets.__name__}.{module.name}")
    found: dict[str, type[Asset]] = {}
    waiting = list(Asset.__subclasses__())
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if "kind" in kind.model_fields and not isabstract(kind):
            found[get_args(kind.model_fields["kind"].annotation)[0]] = kind
    return dict(sorted(found.items()))


@cache
def chinese() -> dict[str, str]:
    """Chinese for the words of all kinds on whose meaning they agree; see `Asset.chinese`.

    What means one thing in one kind and another in another is known only of an asset's own kind.
    """
    return agreed(kind.chinese for kind in kinds().values())


def agreed(dictionaries: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The words that mean the same in every dictionary that has them."""
    found: dict[str, set[str]] = {}
    for dictionary in dictionaries:
        for word, said in dictionary.items():
            found.setdefault(word, set()).add(said)
    return {word: said.pop() for word, said in found.items() if len(said) == 1}

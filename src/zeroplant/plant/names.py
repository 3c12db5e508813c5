"""Names of sites, nodes and assets."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from zeroplant.errors import Problem

PATTERN = r"^\w[\w \-]*$"
LONGEST = 80


def _checked(name: str) -> str:
    if len(name) > LONGEST:
        what = f"a name of {len(name)} characters is too long"
        raise ValueError(Problem(what, instead=f"write at most {LONGEST}"))
    if not re.match(PATTERN, name):
        instead = "use letters, digits, spaces, '-' and '_', and begin with a letter or a digit"
        raise ValueError(Problem(f"'{name}' cannot be a name", instead=instead))
    return name


Name = Annotated[
    str, AfterValidator(_checked), WithJsonSchema({"type": "string", "pattern": PATTERN})
]
"""A name in any script. No dots: results join the names of assets and of their parts by dots."""

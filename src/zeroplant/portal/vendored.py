"""Scripts of others that were vendored at build: where a page finds them, whatever their version.

Which version it is stands in ``tools/vendor.py`` and nowhere else.
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

STATIC = Path(str(resources.files("zeroplant.portal") / "static"))


def echarts(static: Path = STATIC) -> str:
    """The address of the charts' script; empty where it was not vendored. The newest counts."""
    found = sorted(static.glob("vendor/echarts-*/echarts.min.js"), key=_version)
    return f"/static/{found[-1].relative_to(static).as_posix()}" if found else ""


def _version(script: Path) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", script.parent.name)]

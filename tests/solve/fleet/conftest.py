"""Compiled kernels of several files are one: numba looks only at the file it compiled last."""

from __future__ import annotations

from pathlib import Path

import zeroplant.solve

FOLDER = Path(zeroplant.solve.__file__).parent / "fleet"

# A kernel in the cache that is older than any source of the room may hold old code of another.
_newest = max(path.stat().st_mtime for path in FOLDER.rglob("*.py"))
for _path in FOLDER.rglob("*.nb[ic]"):
    if _path.stat().st_mtime < _newest:
        _path.unlink(missing_ok=True)

"""Fetch the scripts of the control room's pages, with their licences: all of ``make vendor``.

They are not in the repository: npm fetches exactly these versions, their content is checked
against the hashes below, and the wheel carries them, so that a plant needs no other network than
its own. What lies there already is hashed again each time: what is not as it was is fetched anew.
Without npm the pages work, and say where a chart is missing.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "src/zeroplant/portal/static/vendor"
TESTS = ROOT / ".venv/vendor"


@dataclass(frozen=True)
class Package:
    """A package of npm: the SHA-512 npm publishes of it, and which files of it go where.

    ``files`` has the SHA-256 of each by its path in the package.
    """

    name: str
    version: str
    sha512: str
    files: dict[str, str]
    folder: Path

    @property
    def target(self) -> Path:
        """Where its files lie."""
        return self.folder / f"{self.name}-{self.version}"

    @property
    def sound(self) -> bool:
        """Whether all of its files lie there, as they were when they were chosen."""
        return all(
            (path := self.target / Path(name).name).is_file()
            and _hash(path.read_bytes(), hashlib.sha256) == known
            for name, known in self.files.items()
        )


PACKAGES = (
    Package(
        "echarts",
        "6.1.0",
        "q0yaFPggC9FUdsWH4blavRWFmxdrIodbkoKNAjJudAI6CA9gNPxHtV2RcZNEepZVlk4yvBYkOkbk6HIVpIyHZA==",
        {
            "dist/echarts.min.js": "tmslrrTfhOMxmdwhaUAU0zbSIsvZ3rDlp8FL1qoND9A=",
            "LICENSE": "Y0KTg1tDpt0glPo5GCo9mmucpDt/25rDVOgDevKjCTo=",
            "NOTICE": "1JHTWDRPhCaFwbFYWXCZnbZf4w7PfvOGeviBT0AWwBY=",
            "licenses/LICENSE-d3": "4SEYktoLDgWFt66+j5jBJ0+6Fbr+R/ofTuinpQLAYwQ=",
        },
        STATIC,
    ),
    Package(  # judges the pages in tests; no part of the package
        "axe-core",
        "4.14.1",
        "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        {
            "axe.min.js": "KTSJmUUM3yhJqOcLeRL8LahahJ2jnA0NU5T1HUqe2Vw=",
            "LICENSE": "rxdbnZbuk8IaA2FS4bkFsLlTBNSujCySHHYJEAuo334=",
        },
        TESTS,
    ),
)


def _hash(content: bytes, method: Callable[[bytes], Any]) -> str:
    """As npm writes hashes: base 64."""
    return base64.b64encode(method(content).digest()).decode()


def fetch(package: Package, npm: str) -> str:
    """Put the files of a package in their place, all or none; what became of it."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{package.name}@{package.version}"
        command = [npm, "pack", "--silent", "--pack-destination", folder, wanted]
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
            return f"npm could not fetch {wanted}, for the reason above; again: make vendor"
        (archive,) = Path(folder).glob("*.tgz")
        found = _hash(archive.read_bytes(), hashlib.sha512)
        if found != package.sha512:
            sys.exit(f"make vendor: {wanted} is not what it was when it was chosen: {found}")
        fresh = Path(folder, "fresh")
        fresh.mkdir()
        with tarfile.open(archive) as tar:
            for name in package.files:
                content = tar.extractfile(f"package/{name}")
                assert content is not None
                (fresh / Path(name).name).write_bytes(content.read())
        package.folder.mkdir(parents=True, exist_ok=True)
        shutil.move(fresh, package.target)
    return f"{package.target.relative_to(ROOT)}"


def main() -> None:
    """Fetch what is not there yet, and remove other versions."""
    missing = [package for package in PACKAGES if not package.sound]
    kept = {package.target for package in PACKAGES if package not in missing}
    for folder in (STATIC, TESTS):
        for old in folder.glob("*"):
            if old not in kept:
                shutil.rmtree(old)
    npm = shutil.which("npm")
    if missing and npm is None:
        names = ", ".join(package.name for package in missing)
        print(f"No npm here, so the control room goes without {names}; install npm: make vendor")
        return
    for package in missing:
        assert npm is not None
        print(fetch(package, npm))


if __name__ == "__main__":
    main()

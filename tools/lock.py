"""Pin every dependency exactly: pyproject.toml -> requirements/runtime.txt and dev.txt.

Run by ``make lock``. The files hold names and versions only: no hashes and no addresses, so they
serve on Linux, macOS and Windows and with any package index.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import tomllib
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "requirements"

HEADERS = {
    "runtime": "What zeroplant needs to run, pinned exactly. Written by `make lock`.",
    "dev": "What zeroplant needs to run, be tested and be built, pinned exactly. "
    "Written by `make lock`.",
}
# Needed on Windows only, so a lock made elsewhere does not list it.
ELSEWHERE = ["colorama==0.4.6 ; sys_platform == 'win32'"]


def wanted() -> dict[str, list[str]]:
    """Requirements of each lock file as pyproject.toml states them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = project["project"]["dependencies"]
    extras = project["project"]["optional-dependencies"].values()
    dev = project["dependency-groups"]["dev"]
    return {"runtime": runtime, "dev": [*runtime, *chain.from_iterable(extras), *dev]}


def pins(requirements: list[str], present: Path, held: Path | None) -> list[str]:
    """Exact versions of the requirements and all they need.

    The versions in ``present`` are kept where they still fit, those in ``held`` in any case.
    Raises CalledProcessError when no set of versions fits.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "wanted.in"), Path(folder, "pins.txt")
        constraints = [f"-c {held}"] if held else []
        source.write_text("\n".join([*constraints, *requirements]) + "\n", encoding="utf-8")
        if present.exists():
            target.write_text(present.read_text(encoding="utf-8"), encoding="utf-8")
        options = ["--quiet", "--no-header", "--no-annotate", "--strip-extras", "--no-emit-options"]
        options += ["--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host"]
        command = [sys.executable, "-m", "piptools", "compile", *options]
        subprocess.run([*command, "--output-file", target, source], check=True)
        lines = target.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def main() -> None:
    """Write both lock files; dev.txt holds the same versions as runtime.txt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    upgrade = parser.parse_args().upgrade
    done: Path | None = None
    for name, requirements in wanted().items():
        path = FOLDER / f"{name}.txt"
        if upgrade:
            path.unlink(missing_ok=True)
        lines = sorted({*pins(requirements, path, done), *ELSEWHERE}, key=str.lower)
        path.write_text("\n".join([f"# {HEADERS[name]}", *lines]) + "\n", encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {len(lines)} packages")
        done = path


if __name__ == "__main__":
    main()

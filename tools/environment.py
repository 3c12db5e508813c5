"""Make .venv with everything the project needs: the whole of ``make setup``.

Works with nothing but Python 3.11+ and pip. Debian and Ubuntu pack the pip of virtual
environments (ensurepip) separately; where it is missing, the pip of the system fills in.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".venv"
PYTHON = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PIP_INSTALL = ["-m", "pip", "install", "-qq", "--disable-pip-version-check"]


def run(*command: str | Path) -> None:
    """Run a command that speaks only when something goes wrong; stop if it fails."""
    if subprocess.run(command, check=False, cwd=ROOT).returncode:
        words = " ".join(str(word) for word in command)
        sys.exit(f"make setup: this step failed, for the reason above: {words}")


def usable() -> bool:
    """Whether .venv is whole and made with this very Python."""
    code = "import pip, sys; print(sys.version)"
    try:
        done = subprocess.run([PYTHON, "-c", code], check=False, capture_output=True, text=True)
    except OSError:
        return False
    return done.stdout.strip() == sys.version.strip()


def create() -> None:
    """Make .venv afresh, with a pip in it."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    if importlib.util.find_spec("ensurepip"):
        run(sys.executable, "-m", "venv", FOLDER)
        return
    run(sys.executable, "-m", "venv", "--without-pip", FOLDER)
    pip = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "-qq", "pip"]
    if subprocess.run(pip, check=False).returncode:
        sys.exit(
            "make setup: this Python cannot make a complete virtual environment. On Debian or "
            "Ubuntu: apt install python3-venv; then make setup again"
        )


def main() -> None:
    """Create the environment, install the locked packages and the project itself."""
    began = time.monotonic()
    if not usable():
        print(f"Making .venv with Python {sys.version.split()[0]}", flush=True)
        create()
    print("Installing the locked packages (takes some minutes the first time)", flush=True)
    run(PYTHON, *PIP_INSTALL, "-r", "requirements/dev.txt")
    run(PYTHON, *PIP_INSTALL, "--no-deps", "--no-build-isolation", "-e", ".")
    run(PYTHON, "-m", "zeroplant.solve.warm")
    run(PYTHON, "tools/vendor.py")
    print(f"Ready after {time.monotonic() - began:.0f} s: .venv", flush=True)


if __name__ == "__main__":
    main()

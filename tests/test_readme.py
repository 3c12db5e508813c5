"""The plant file that a newcomer reads first is one that works."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.shared import ROOT

CHECK = "import sys; from zeroplant.cli import main; sys.exit(main())"


def test_the_plant_of_the_readme_passes_check(tmp_path: Path) -> None:
    """A key renamed in the program and not in the README would be named by ``check``."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"^```yaml\n(.*?)^```", readme, flags=re.M | re.S)
    assert block
    assert block[1].strip(), "the README shows no plant"
    (tmp_path / "plant.yaml").write_text(block[1], encoding="utf-8")
    command = [sys.executable, "-c", CHECK, "check", str(tmp_path / "plant.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

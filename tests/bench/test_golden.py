"""The golden cases: published answers, and what happens without their inputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shared import shared_data
from zeroplant.bench import golden
from zeroplant.errors import InputError


@pytest.mark.slow
@pytest.mark.oracle
def test_every_published_figure() -> None:
    """PyPSA's, oemof's, HOMER's, SAM's and the rules' figures come out within their tolerances.

    A wrong answer would be: any deviation above 1e-9 (model-energy) or 1e-8 (oemof).
    """
    cases = golden.run(shared_data("pypsa_model_energy").parent)
    assert len(cases) == 33
    assert [c for c in cases if c["got"] is None or c["relative_error"] > c["tolerance"]] == []
    assert {"name", "expected", "got", "relative_error", "tolerance"} <= set(cases[0])


def test_formulas_need_no_inputs(tmp_path: Path) -> None:
    """Without published inputs the formula cases still run, and the others say what is missing.

    A wrong answer would be: cases left out in silence.
    """
    cases = golden.run(tmp_path)
    ran = [c for c in cases if c["got"] is not None]
    assert len(ran) == 22
    assert [c["name"] for c in ran if not c["relative_error"] <= c["tolerance"]] == []
    absent = [c for c in cases if c["got"] is None]
    assert len(absent) == 11
    assert all(str(tmp_path) in c["problem"] for c in absent)


def test_a_folder_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that was named, by hand or in the environment, must exist."""
    with pytest.raises(InputError, match="there is no folder"):
        golden.run(tmp_path / "nowhere")
    monkeypatch.setenv("ZEROPLANT_SHARED_DATA", str(tmp_path / "elsewhere"))
    with pytest.raises(InputError, match=r"elsewhere; name the folder .* ZEROPLANT_SHARED_DATA"):
        golden.run()

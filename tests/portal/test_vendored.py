"""Where pages find the scripts of others."""

from __future__ import annotations

from pathlib import Path

from zeroplant.portal.vendored import echarts


def test_the_newest_that_lies_there(tmp_path: Path) -> None:
    assert echarts(tmp_path) == ""
    for version in ("6.9.0", "6.10.1", "6.2.0"):
        place = tmp_path / f"vendor/echarts-{version}"
        place.mkdir(parents=True)
        (place / "echarts.min.js").touch()
    (tmp_path / "vendor/echarts-7.0.0").mkdir()  # half taken out
    assert echarts(tmp_path) == "/static/vendor/echarts-6.10.1/echarts.min.js"


def test_no_page_names_a_version() -> None:
    """What ``tools/vendor.py`` says is the one place."""
    templates = Path(__file__).resolve().parents[2] / "src/zeroplant/portal/templates"
    found = [each.name for each in templates.glob("*.j2") if "echarts-" in each.read_text("utf-8")]
    assert found == []

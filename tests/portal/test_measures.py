"""Figures for Prometheus: of the service, and of the plant as its newest image has it."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from tests.portal.doors import until
from tests.portal.test_rights import opened
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.measures import Measures


def test_figures_of_service_and_plant(tmp_path: Path) -> None:
    """A viewer's token reads them; a stranger, and one of a part of the plant, reads none."""
    service = opened(tmp_path)
    service.accounts.add("lin", [Grant(Role.VIEWER)])
    (lin,) = service.accounts.everybody()

    def shown(place: str = "") -> dict[str, str]:
        token = service.tokens.make(lin, "prometheus", Grant(Role.VIEWER, place), 1)
        return {"authorization": f"Bearer {token}"}

    with TestClient(application(service)) as client:
        watch = client.app._inner.state.watch  # type: ignore[attr-defined]
        until(lambda: watch.image)
        watch.age = lambda _: 3.0  # however slow this machine
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers=shown("deepcell")).status_code == 403
        text = client.get("/metrics", headers=shown()).text
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["zeroplant_export_megawatts",] == 43.217
    assert found["zeroplant_alarms", "major"] == 5
    assert found["zeroplant_alarms", "critical"] == 0
    assert found["zeroplant_link_connected", "farwest modbus"] == 1
    assert found["zeroplant_requests_total", "GET", "/metrics", "401"] == 1
    assert found["zeroplant_request_seconds_count", "/metrics"] == 2


@pytest.mark.parametrize("gone", [-16.0, 0.0, 15.0, 16.0, 3600.0])
def test_of_a_plant_that_nobody_controls_there_are_no_figures(gone: float) -> None:
    """Also where the clock was set back; how old the image is stays to be seen."""
    image = {"exchange": 3.0, "target": 3.0, "alarms": [], "links": {"meter": {"connected": True}}}
    text = Measures(lambda: image, lambda: gone).text().decode()
    assert f"zeroplant_image_age_seconds {gone}" in text
    for name in ("export_megawatts", "target_megawatts", "alarms", "link_connected"):
        assert (f"\nzeroplant_{name}" in text) == (abs(gone) <= 15), name

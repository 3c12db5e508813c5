"""Figures for Prometheus: of the service, and of the plant as its newest image has it."""

from __future__ import annotations

import time
from pathlib import Path

from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from tests.portal.test_rights import opened
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application


def test_figures_of_service_and_plant(tmp_path: Path) -> None:
    """A viewer's token reads them; a stranger, and one of a part of the plant, reads none."""
    service = opened(tmp_path)
    service.accounts.add("lin", [Grant(Role.VIEWER)])
    (lin,) = service.accounts.everybody()

    def shown(place: str = "") -> dict[str, str]:
        token = service.tokens.make(lin, "prometheus", Grant(Role.VIEWER, place), 1)
        return {"authorization": f"Bearer {token}"}

    with TestClient(application(service)) as client:
        for _ in range(1200):
            if client.app._inner.state.watch.image:  # type: ignore[attr-defined]
                break
            time.sleep(0.05)
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

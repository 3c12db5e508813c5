"""What the service refuses, in the language of whoever asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.portal.doors import enter
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.service import Service

CHINESE = {"accept-language": "zh-CN"}
PAGE = {"accept": "text/html"}


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    """An admin's browser."""
    with TestClient(application(service), follow_redirects=False) as client:
        client.headers["form-key"] = enter(client, service, "wang", Grant(Role.ADMIN))
        yield client


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("GET", "/api/v1/orders/none", {}), ("GET", "/api/v1/schedule", {}),
        ("POST", "/api/v1/alarms", {"code": "", "key": "x", "minutes": 5}),
        ("POST", "/api/v1/alarms", {"code": "a", "key": "x", "minutes": "soon"}),
        ("POST", "/api/v1/plan/file", {"moved": {"没有": 3.0}}),
        ("DELETE", "/api/v1/tokens/77", {}), ("GET", "/api/v1/live", {}),
    ],
)  # fmt: skip
def test_the_api_speaks_the_language_asked_for(
    client: TestClient, method: str, path: str, said: dict[str, object]
) -> None:
    """Scripts of the pages show it; other systems, which ask for none, get English."""
    english = client.request(method, path, json=said or None)
    assert english.status_code in (404, 422)
    assert not re.search("[\u4e00-\u9fff]", str(english.json()).replace("没有", ""))
    told = client.request(method, path, json=said or None, headers=CHINESE).json()["detail"]
    for each in [told] if isinstance(told, str) else told:
        line = each["msg"] if isinstance(each, dict) else each
        assert not re.search("[A-Za-z]{3}", line), line


def test_a_page_calls_a_field_as_its_form_does(client: TestClient) -> None:
    form = {"code": "silent", "key": "wind.output", "minutes": "0", "reason": "x"}
    page = client.post("/alarms/shelve", data=form, headers=PAGE | CHINESE).text
    assert "时长：应大于 0" in page
    assert "minutes" not in page
    assert "how long: Input should be greater than 0" in client.post(
        "/alarms/shelve", data=form, headers=PAGE
    ).text  # fmt: skip

"""Tokens and roles on pages: made, shown once, ended; for people with a place of their own too."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.portal.doors import enter
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.service import Service


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(application(service), follow_redirects=False) as client:
        yield client


def test_a_token_is_made_shown_once_and_revoked(client: TestClient, service: Service) -> None:
    """By somebody with a role at one asset; it allows just that, until it is ended."""
    client.headers["form-key"] = enter(client, service, "wang", Grant(Role.OPERATOR, "battery"))
    asked = {"name": "logger", "role": "operator", "place": "battery", "days": "30"}
    shown = client.post("/tokens", data=asked)
    assert shown.status_code == 200
    (secret,) = re.findall(r"<code>(zeroplant_\S+)</code>", shown.text)
    listed = client.get("/tokens").text
    assert secret not in listed
    assert "logger" in listed
    client.cookies.clear()
    headers = {"authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/points", headers=headers).status_code == 200
    assert client.post("/tokens", data=asked, headers=headers).status_code == 403
    client.post("/login", data={"name": "wang", "password": "four plain words suffice"})
    session = service.sessions.find(client.cookies["zeroplant"])
    assert session is not None
    client.headers["form-key"] = session.form_key
    assert client.post("/tokens", data=asked | {"place": ""}).status_code == 422
    (token,) = service.tokens.of()
    assert client.post(f"/tokens/{token.id}/revoke").status_code == 303
    assert client.get("/api/v1/points", headers=headers).status_code == 401


def test_a_role_is_changed_on_the_page(client: TestClient, service: Service) -> None:
    service.accounts.add("wang", [Grant(Role.VIEWER)])
    (wang,) = service.accounts.everybody()
    client.headers["form-key"] = enter(client, service, "lin", Grant(Role.ADMIN))
    assert f'action="/people/{wang.id}/grants"' in client.get("/people").text
    answer = client.post(f"/people/{wang.id}/grants", data={"role": "operator", "place": "sun"})
    assert answer.status_code == 303
    person = service.accounts.person(wang.id)
    assert person is not None
    assert person.grants == (Grant(Role.OPERATOR, "sun"),)

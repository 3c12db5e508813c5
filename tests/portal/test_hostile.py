"""What comes from people who mean harm: refused, written down, and the service goes on."""

from __future__ import annotations

import gzip
import itertools
import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.links.fakes import HandClock
from tests.portal.doors import cheap, enter, opened
from zeroplant.errors import InputError
from zeroplant.files import write_atomic
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.service import Service, open_service


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(application(service), follow_redirects=False) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_fifty_tokens_that_open_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Forged, expired, revoked, of another plant, of somebody shut out: refused and logged."""
    caplog.set_level(logging.INFO, logger="zeroplant.portal")
    clock = HandClock()
    service = open_service(opened(tmp_path / "other").studio.path, tmp_path / "own",
                           names=["testserver"], clock=clock)  # fmt: skip
    cheap(service.accounts)
    for name in ("lin", "wang"):
        service.accounts.add(name, [Grant(Role.ADMIN)])
    lin, wang = service.accounts.everybody()

    def made(days: float = 30.0, who: object = lin) -> str:
        return service.tokens.make(who, "grafana", Grant(Role.VIEWER), days)  # type: ignore[arg-type]

    good = made()
    expired = [made(1.0) for _ in range(10)]
    revoked = [made() for _ in range(5)]
    for token in service.tokens.of()[:5]:
        service.tokens.revoke(token.id)
    of_wang = [made(who=wang) for _ in range(5)]
    service.accounts.disable(wang.id)
    last = len(good) - 1
    forged = [
        f"{good[: last - n]}{'B' if good[last - n] == 'A' else 'A'}" + "A" * n for n in range(15)
    ]
    foreign_service = opened(tmp_path / "foreign")
    foreign_service.accounts.add("lin", [Grant(Role.ADMIN)])
    (other,) = foreign_service.accounts.everybody()
    foreign = [foreign_service.tokens.make(other, "x", Grant(Role.ADMIN), 9) for _ in range(10)]
    foreign_service.close()
    odd = [
        "",
        " ",
        "zeroplant_",
        "zeroplant_' OR 1=1 --",
        "x" * 4000,
        good.upper(),
        f"{good} {good}",
    ]
    clock.add(days=2)
    asked = [*expired, *revoked, *of_wang, *forged, *foreign, *odd]
    assert len(asked) > 50
    with TestClient(application(service)) as client:
        codes = {client.get("/api/v1/points", headers=bearer(each)).status_code for each in asked}
        assert codes == {401}
        logged = [each for each in caplog.records if getattr(each, "status", None) == 401]
        assert len(logged) == len(asked)
        assert client.get("/api/v1/points", headers=bearer(good)).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/%2e%2e/access.sqlite", "/static/..%5c..%5capp.py",
     "/static//etc/passwd", "/static/%00", "/api/v1/reports/../../access.sqlite",
     "/api/v1/reports/0123456789abcdef/..%2f..%2f..%2faccess.sqlite", "/api/v1/orders/..%2flive",
     "/api/v1/forecasts/one?key=wind.output&made=../../live", "/language/..%2f..",
     "/api/v1/history/..%2f..%2faccess", "/plant/..%2f..%2faccess.sqlite", "/%ff%fe", "/a%0d%0ab"],
)  # fmt: skip
def test_no_path_leads_out(client: TestClient, service: Service, path: str) -> None:
    """As a stranger and as an admin: never a file, never a fault."""
    for _ in range(2):
        answer = client.get(path)
        assert answer.status_code in (303, 401, 404, 422), path
        assert "location" not in answer.headers or answer.headers["location"] in ("/", "/login")
        assert b"SQLite" not in answer.content
        if not client.cookies:
            enter(client, service, "lin", Grant(Role.ADMIN))


EDGES = (
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "0001-01-02T00:00:00Z",
    "9999-12-31T23:59:59-14:00",
    "9999-12-31T00:00:00Z",
    "0001-01-01T12:00:00+14:00",
)
"""Moments at which a calendar ends."""


def test_no_moment_is_beyond_the_calendar(client: TestClient, service: Service) -> None:
    """Every route that takes moments, at both ends of time: an answer, never a fault."""
    enter(client, service, "lin", Grant(Role.ADMIN))
    described = client.get("/api/v1/openapi.json").json()["paths"]
    asked = 0
    for path, operations in described.items():
        given = operations.get("get", {}).get("parameters", ())
        moments = [each["name"] for each in given if "date-time" in json.dumps(each["schema"])]
        ways = [list(zip(moments, pair, strict=False)) for pair in itertools.product(EDGES, EDGES)]
        for query in ways if moments else ():
            answer = client.get(path.replace("{point}", "wind.output"), params=dict(query))
            assert answer.status_code < 500, (path, query)
            asked += 1
    assert asked >= 4 * len(EDGES) ** 2


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"moved":' * 20_000, b'{"a":1,' * 1000, b"\xff\xfe\x00", b"{}" * 100_000,
     b'{"moved": {"a": 1e400}}', b'{"moved": {"a": ' + b"9" * 5000 + b"}}", b'{"moved": []}',
     b"null", b"", gzip.compress(b"0" * 10_000_000)],
    ids=range(11),
)  # fmt: skip
def test_bodies_that_are_none(client: TestClient, service: Service, body: bytes) -> None:
    """Nested to the moon, half, not text, numbers beyond numbers, squeezed: refused at once."""
    key = enter(client, service, "lin", Grant(Role.ADMIN))
    headers = {"form-key": key, "content-type": "application/json"}
    begin = time.process_time()
    for path in ("/api/v1/plan", "/api/v1/plan/file", "/api/v1/people", "/api/v1/alarms"):
        answer = client.post(path, content=body, headers=headers)
        assert answer.status_code in (400, 413, 422), (path, answer.text[:200])
        assert isinstance(answer.json()["detail"], str | list)
    assert time.process_time() - begin < 5.0
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "multipart/form-data", "text/x"]
)
def test_forms_that_are_none(client: TestClient, service: Service, kind: str) -> None:
    """Thousands of parts or none: nobody is logged in, nobody added, the service goes on."""
    parts = b"".join(
        b'--x\r\ncontent-disposition: form-data; name="a%d"\r\n\r\n1\r\n' % n for n in range(2000)
    )
    for body in (parts, b"--x", b"a=1&" * 1000, b"%ff=%00"):
        answer = client.post("/login", content=body, headers={"content-type": kind})
        assert answer.status_code in (400, 413, 422)
    enter(client, service, "lin", Grant(Role.ADMIN))
    answer = client.post("/people", content=parts, headers={"content-type": kind})
    assert answer.status_code in (400, 403, 413, 422)
    assert len(service.accounts.everybody()) == 1


BOMB = "\n".join([
    "a: &a [x, x, x, x, x, x, x, x, x]",
    *(f"{name}: &{name} [{', '.join(['*' + before] * 9)}]"
      for before, name in zip("abcdefgh", "bcdefghi", strict=True)),
])  # fmt: skip
"""Nine lists of nine of the one before: 387 million entries if they are laid out."""


def test_a_plant_file_that_grows_without_end(tmp_path: Path) -> None:
    """A YAML bomb is said to be none; pages that need the plant say so, the others go on."""
    write_atomic(tmp_path / "plant.yaml", BOMB)
    service = open_service(tmp_path / "plant.yaml", tmp_path / "data", names=["testserver"])
    cheap(service.accounts)
    begin = time.process_time()
    with pytest.raises(InputError):
        _ = service.plant
    with TestClient(application(service), follow_redirects=False) as client:
        service.accounts.add("lin", [Grant(Role.ADMIN)])
        (lin,) = service.accounts.everybody()
        token = service.tokens.make(lin, "x", Grant(Role.ADMIN), 1)
        answer = client.get("/api/v1/points", headers=bearer(token))
        assert answer.status_code == 422
        assert client.get("/healthz").status_code == 200
        answer = client.get("/login", headers={"accept": "text/html"})
        assert answer.status_code < 500
    assert time.process_time() - begin < 10.0


def test_what_is_refused_is_written_down(client: TestClient, service: Service) -> None:
    """Who asked for what they may not have; a bad name is not kept, it may be a password."""
    enter(client, service, "wang", Grant(Role.VIEWER))
    client.get("/people")
    client.post("/login", data={"name": "my secret password", "password": "x"})
    said = [json.dumps(dict(each.payload), ensure_ascii=False) for each in service.diary.read()]
    assert any('"refused"' in each and "wang" in each for each in said)
    assert not any("my secret password" in each for each in said)

"""The door: names it answers to, strangers' bodies, slowness, what is said where nothing comes."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import socket
import ssl
import subprocess
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from tests.portal.doors import COUNTY, GOOD, cheap
from tools.vendor import PACKAGES
from zeroplant.operate.logs import Lines
from zeroplant.portal import shell
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.server import _modern, listening
from zeroplant.portal.service import Service, open_service
from zeroplant.portal.shell import LARGEST_OF_STRANGERS

PAGE = {"accept": "text/html,*/*"}


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(application(service), follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "127.0.0.1.nip.example", "", "[", "a b"]
)
def test_another_name_for_this_machine_is_not_answered(client: TestClient, host: str) -> None:
    """DNS rebinding: a name of others that points here reaches nothing, not even /login."""
    for path in ("/login", "/healthz", "/api/v1/live", "/static/style.css"):
        assert client.get(path, headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8470", "[::1]:8470", "LocalHost:1"])
def test_its_own_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"host": host}).status_code == 200


async def answered(app: Any, method: str, path: str, body: Any, **headers: str) -> list[Any]:
    """What an application sends to a request whose body comes from ``body``."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(b"host", b"testserver"), *((k.encode(), v.encode()) for k, v in headers.items())]
    scope = {"type": "http", "method": method, "path": path, "headers": raw, "query_string": b"",
             "raw_path": path.encode(), "client": ("192.0.2.1", 1), "scheme": "http",
             "server": ("testserver", 80), "root_path": "", "http_version": "1.1"}  # fmt: skip
    await app(scope, body, send)
    return sent


def test_a_strangers_body_is_never_read(service: Service) -> None:
    """Whatever they send to whatever route: they are asked who they are before a byte of it."""

    async def body() -> Any:
        raise AssertionError

    app = application(service)
    for path in ("/api/v1/people", "/people", "/api/v1/plan", "/nowhere", "/password"):
        sent = asyncio.run(answered(app, "POST", path, body))
        assert sent[0]["status"] == 401, path
    service.close()


def test_a_body_that_does_not_come_is_not_waited_for(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter now and then keeps no place for ever."""
    monkeypatch.setattr(shell, "SLOWEST", 0.3)
    parts = iter([b"na", b"me"])

    async def body() -> Any:
        if (part := next(parts, None)) is None:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": part, "more_body": True}

    kind = "application/x-www-form-urlencoded"
    sent = asyncio.run(
        answered(application(service), "POST", "/login", body, **{"content-type": kind})
    )
    assert sent[0]["status"] == 408
    service.close()


def test_a_stranger_says_no_more_than_who_they_are(client: TestClient) -> None:
    long = "x" * LARGEST_OF_STRANGERS
    assert client.post("/login", data={"name": "a", "password": long}).status_code == 413


@pytest.mark.parametrize("length", ["-1", "1e3", "９", "9" * 400])
def test_a_length_that_is_none(client: TestClient, length: str) -> None:
    answer = client.post("/login", content=b"", headers={"content-length": length.encode()})  # type: ignore[dict-item]
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize(("language", "says"), [("en", "no such page"), ("zh", "没有此页面")])
def test_a_person_is_told_in_their_language(client: TestClient, language: str, says: str) -> None:
    """A page with the way back; another system, and the API to whomever, gets JSON."""
    client.cookies.set("language", language)
    page = client.get("/nowhere", headers=PAGE)
    assert page.status_code == 404
    assert says in page.text
    assert page.headers["x-request-id"] in page.text
    for answer in (client.get("/nowhere"), client.get("/api/v1/nowhere", headers=PAGE)):
        assert answer.json() == {"detail": "Not Found"}


def test_a_fault_of_ours_is_logged_under_the_number_that_is_shown(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing of the fault is shown; the log has it, as one line, and the service goes on."""
    caplog.set_level(logging.INFO, logger="zeroplant.portal")
    with TestClient(application(service), follow_redirects=False) as client:
        monkeypatch.setattr("zeroplant.portal.routes.entry.language_of", lambda _: 1 / 0)
        form = {"name": "a", "password": "b"}
        page = client.post("/login", data=form, headers=PAGE)
        assert page.status_code == 500
        assert "division" not in page.text
        number = page.headers["x-request-id"]
        assert number in page.text
        assert client.post("/login", data=form).json()["detail"].startswith("the service failed")
        monkeypatch.undo()
        assert client.post("/login", data=form).status_code == 401
    lines = [json.loads(Lines().format(each)) for each in caplog.records]
    (fault,) = (each for each in lines if each.get("request") == number and "error" in each)
    assert "division by zero" in fault["error"]
    told = [each for each in lines if each.get("request") == number and "status" in each]
    assert [each["status"] for each in told] == [500]
    assert "\n" not in Lines().format(caplog.records[0])


def test_under_tls_the_cookie_is_ours_alone(tmp_path: Path) -> None:
    """`__Host-` keeps other hosts of the domain from setting it; TLS is 1.2 at least."""
    service = open_service(COUNTY, tmp_path, secure=True, names=["testserver"])
    cheap(service.accounts)
    password = service.accounts.add("lin", [Grant(Role.VIEWER)])
    with TestClient(application(service), "https://testserver", follow_redirects=False) as client:
        answer = client.post("/login", data={"name": "lin", "password": password})
        said = answer.headers["set-cookie"]
        assert said.startswith("__Host-zeroplant=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} <= set(said.split("; "))
        assert "domain" not in said.casefold()
        assert client.get("/password").status_code == 200
        assert client.get("/healthz").headers["strict-transport-security"]
    context = _modern(None, lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))  # type: ignore[arg-type]
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate")
def test_tls_is_spoken_and_no_old_one(tmp_path: Path) -> None:
    """A real handshake: the certificate is the one that was given, 1.1 and no TLS are refused."""
    certificate, key = tmp_path / "plant.pem", tmp_path / "plant.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    service = open_service(COUNTY, tmp_path / "data", secure=True)
    with listening(application(service), certificate, key) as address:
        answer = httpx2.get(
            f"{address}/healthz", verify=ssl.create_default_context(cafile=str(certificate))
        )
        assert answer.status_code == 200
        assert answer.headers["strict-transport-security"]
        with pytest.raises(httpx2.ConnectError, match=r"(?i)certificate"):
            httpx2.get(f"{address}/healthz")  # nobody vouches for it
        with pytest.raises(httpx2.TransportError):
            httpx2.get(f"{address}/healthz".replace("https", "http"))
        port = int(address.rpartition(":")[2])
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            old.maximum_version = ssl.TLSVersion.TLSv1_1
        with socket.create_connection(("127.0.0.1", port)) as plain, pytest.raises(ssl.SSLError):
            old.wrap_socket(plain)


def test_nobody_else_on_the_machine_reads_who_comes_in(service: Service, tmp_path: Path) -> None:
    """What lies in the folder of people, the diary, and what SQLite writes beside its file."""
    service.accounts.add("lin", [Grant(Role.VIEWER)])
    service.note("lin", "looked")
    for name in ("access.sqlite", "access.sqlite-wal", "access.sqlite-shm", "people"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0, name
    service.close()


def test_a_lost_password_is_replaced_from_the_machine_itself(service: Service) -> None:
    """The old one, its sessions and the wait after wrong ones end; who was shut out is in again."""
    accounts = service.accounts
    old = accounts.add("lin", [Grant(Role.VIEWER)])
    lin = accounts.everybody()[0]
    accounts.change_password(lin.id, old, GOOD)
    secret = service.sessions.begin(lin.id)
    with TestClient(application(service), follow_redirects=False) as client:
        for _ in range(6):
            client.post("/login", data={"name": "lin", "password": "wrong wrong wrong"})
        assert client.post("/login", data={"name": "lin", "password": GOOD}).status_code == 429
        fresh = accounts.reset("lin")
        assert service.sessions.find(secret) is None
        assert client.post("/login", data={"name": "lin", "password": GOOD}).status_code == 401
        answer = client.post("/login", data={"name": "lin", "password": fresh})
        assert answer.headers["location"] == "/password"


def test_vendored_scripts_are_those_that_were_chosen(tmp_path: Path) -> None:
    """Each file is hashed again; one that somebody has changed is not taken for sound."""
    chosen = PACKAGES[0]
    copy = replace(chosen, folder=tmp_path)
    assert not copy.sound
    if not chosen.target.exists():
        pytest.skip("no ECharts here: make vendor, which needs npm")
    assert chosen.sound
    shutil.copytree(chosen.target, copy.target)
    assert copy.sound
    with (copy.target / "echarts.min.js").open("ab") as script:
        script.write(b";")
    assert not copy.sound

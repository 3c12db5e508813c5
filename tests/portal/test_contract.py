"""The API keeps to its own description, whatever is sent by whomever: schemathesis asks it all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.portal.doors import GOOD
from tests.portal.listening import Site, site_of
from tests.portal.lived import small
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.service import Service

pytestmark = pytest.mark.slow


def _no_server_error(context: Any, answer: Any, case: Any) -> bool | None:
    """It never fails; that it is too busy now it may say, with the time to come again."""
    if answer.status_code == 503 and "retry-after" in answer.headers:
        return None
    return not_a_server_error(context, answer, case)


CHECKS = [
    _no_server_error, status_code_conformance, content_type_conformance,
    response_headers_conformance, response_schema_conformance,
]  # fmt: skip
EXAMPLES = 4
"""Requests to each operation by each role; schemathesis alone asks more (`st run`)."""
PATIENCE = 120.0
"""Seconds an answer may take: a plan is solved in a process that has to start first."""
ENDLESS = {"/api/v1/live/stream"}
"""What never ends by itself."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A small plant that has lived, behind its real server."""
    with site_of(small(tmp_path_factory.mktemp("contract")), "lin") as site:
        yield site


@pytest.mark.parametrize(
    "who", ["nobody", "viewer", "operator of sun", "operator", "admin", "admin in person"]
)
def test_the_api_keeps_to_its_description(site: Site, who: str) -> None:
    """No fault of ours, and codes, headers and bodies as described: for strangers too."""
    address, service = site.address, site.service
    described = httpx2.get(f"{address}/api/v1/openapi.json").json()
    del described["security"]  # or it would make up tokens of its own
    schema = schemathesis.openapi.from_dict(described)
    asked, done = 0, set[str]()
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path in ENDLESS:
            continue
        asked += 1
        headers = _shown(service, who)
        _ask(address, operation, headers, done)
        if who == "admin in person" and (operation.body or operation.query):
            _ask(address, operation, headers, done, bad=True)
    assert asked > 15
    # It was not only refused: a stranger sees that the service lives, an admin may do most.
    least = 5 if " of " in who else 10
    assert len(done) == 2 if who == "nobody" else len(done) > least, done


def _shown(service: Service, who: str) -> dict[str, str]:
    """What somebody shows to be let in."""
    (lin,) = (each for each in service.accounts.everybody() if each.name == "lin")
    if who == "admin in person":  # another each time: what they do may shut somebody out
        name = f"lin{len(service.accounts.everybody())}"
        password = service.accounts.add(name, [Grant(Role.ADMIN)])
        (own,) = (each for each in service.accounts.everybody() if each.name == name)
        service.accounts.change_password(own.id, password, GOOD)
        secret = service.sessions.begin(own.id)
        session = service.sessions.find(secret)
        assert session is not None
        return {"cookie": f"{service.cookie}={secret}", "form-key": session.form_key}
    role, _, place = who.partition(" of ")
    if who == "nobody":
        return {"authorization": "Bearer of_nobody"}
    token = service.tokens.make(lin, who, Grant(Role(role), place), 1)
    return {"authorization": f"Bearer {token}"}


def _ask(
    address: str, operation: Any, headers: dict[str, str], done: set[str], *, bad: bool = False
) -> None:
    """Send what fits the description of an operation, or does not; judge the answers.

    Those that were done are added to ``done``.
    """

    mode = GenerationMode.NEGATIVE if bad else GenerationMode.POSITIVE

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case: Any) -> None:
        answer = case.call_and_validate(
            base_url=address, headers=headers, checks=CHECKS, timeout=PATIENCE
        )
        if answer.status_code < 300:
            done.add(operation.label)

    ask()

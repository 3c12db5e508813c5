"""People, passwords, sessions and tokens: who is let in, who is not, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.links.fakes import HandClock
from tests.portal.doors import GOOD, cheap
from zeroplant.errors import InputError
from zeroplant.portal.access import (
    Accounts,
    Grant,
    Person,
    RefusedError,
    Right,
    Role,
    Sessions,
    Tokens,
    allowed,
)
from zeroplant.portal.access.database import open_database
from zeroplant.portal.access.passwords import unfit
from zeroplant.portal.access.places import Tree
from zeroplant.portal.access.tokens import allowed_by

HERE = "192.0.2.1"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(tmp_path / "access.sqlite")
    yield engine
    engine.dispose()


@pytest.fixture
def accounts(engine: Engine, clock: HandClock) -> Accounts:
    return cheap(Accounts(engine, clock))


@pytest.fixture
def admin(accounts: Accounts) -> Person:
    password = accounts.first_admin()
    assert password is not None
    person = accounts.log_in("admin", password, HERE)
    accounts.change_password(person.id, password, GOOD)
    return accounts.log_in("admin", GOOD, HERE)


def test_the_first_start_makes_one_admin_who_must_change_the_password(accounts: Accounts) -> None:
    """A second start must not make another, or anybody who restarts the service is admin."""
    password = accounts.first_admin()
    assert password is not None
    assert accounts.log_in("admin", password, HERE).must_change
    assert accounts.first_admin() is None
    with pytest.raises(RefusedError):
        accounts.log_in("admin", GOOD, HERE)


def test_nobody_is_let_in_under_a_name_that_reads_like_anothers(accounts: Accounts) -> None:
    """Or what one of them approved would be taken for the other's."""
    accounts.add("anna", [Grant(Role.VIEWER)])
    for name in ("anna", "Anna", "\u0430nna"):  # the last with a Cyrillic a
        with pytest.raises(InputError):
            accounts.add(name, [Grant(Role.VIEWER)])
    assert [each.name for each in accounts.everybody()] == ["anna"]


def test_a_stolen_file_lets_nobody_in(accounts: Accounts, admin: Person, tmp_path: Path) -> None:
    """Neither password nor session nor token may stand in the file as it is said."""
    engine = accounts._engine
    session = Sessions(engine).begin(admin.id)
    token = Tokens(engine).make(admin, "grafana", Grant(Role.VIEWER), 30)
    engine.dispose()
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"argon2id" in content
    for secret in (GOOD, session, token):
        assert secret.encode() not in content
    assert (tmp_path / "access.sqlite").stat().st_mode & 0o077 == 0


def test_a_changed_password_ends_all_sessions(
    accounts: Accounts, admin: Person, engine: Engine, clock: HandClock
) -> None:
    sessions = Sessions(engine, clock)
    secret = sessions.begin(admin.id)
    assert sessions.find(secret) is not None
    accounts.change_password(admin.id, GOOD, "another four plain words")
    assert sessions.find(secret) is None


@pytest.mark.parametrize(
    "password",
    ["short", "a" * 40, "x" * 201, "my name is Admin!", GOOD, "P@ssw0rd2026!!!", "1qaz2wsx3edc4rfv",
     "qwertyuiop[]asdf", "Welcome12345678", "abcabcabcabcabc", "woaini5201314", "zeroplant-admin1",
     "correct horse battery staple", "0987654321poiuy"],
)  # fmt: skip
def test_a_password_that_will_not_do(accounts: Accounts, admin: Person, password: str) -> None:
    """Too short, of one letter, too long, the name in it, the old one, what is guessed first."""
    with pytest.raises(InputError):
        accounts.change_password(admin.id, GOOD, password)
    assert accounts.log_in("admin", GOOD, HERE)


@pytest.mark.parametrize(
    "password",
    [
        "four plain words suffice",
        "lZ8v-Qm2x-t9Rk",
        "风吹草低见牛羊 over the hills",
        "a tall green kettle",
    ],
)
def test_a_password_that_will_do(password: str) -> None:
    """Several words and random letters pass: a rule that refuses them sends people to a note."""
    assert unfit(password, "admin") is None


def test_two_hundred_wrong_logins_get_nowhere(
    accounts: Accounts, admin: Person, clock: HandClock
) -> None:
    """After five of them even the right password has to wait, and it is let in afterwards."""
    looked_at = 0
    for number in range(200):
        with pytest.raises(RefusedError) as refused:
            accounts.log_in("admin", f"guess {number}", HERE)
        looked_at += refused.value.wait == 0.0
        clock.add(seconds=1)
    assert looked_at <= 8  # 5 free ones, then waits of 30, 60, 120 s …
    with pytest.raises(RefusedError, match="wait"):
        accounts.log_in("admin", GOOD, HERE)
    clock.add(minutes=16)
    assert accounts.log_in("admin", GOOD, HERE).name == "admin"


def test_many_names_from_one_address_have_to_wait_too(
    accounts: Accounts, admin: Person, clock: HandClock
) -> None:
    """Somebody who tries one password on many names is stopped; a neighbour is not."""
    for number in range(30):
        with pytest.raises(RefusedError, match="wrong"):
            accounts.log_in(f"name{number}", "spring 2026 spring", HERE)
    with pytest.raises(RefusedError, match="wait"):
        accounts.log_in("admin", GOOD, HERE)
    assert accounts.log_in("admin", GOOD, "192.0.2.2")


def test_a_stranger_cannot_lock_somebody_out(
    accounts: Accounts, admin: Person, clock: HandClock
) -> None:
    """Wrong passwords from elsewhere, fifty a quarter of an hour, leave the door open at home."""
    for number in range(50):
        with pytest.raises(RefusedError):
            accounts.log_in("admin", "guess guess guess", f"198.51.100.{number}")
        clock.add(seconds=10)
    assert accounts.log_in("admin", GOOD, HERE).name == "admin"


def test_many_tries_at_once_are_as_many_tries(accounts: Accounts, admin: Person) -> None:
    """Forty threads with a wrong password each: five are looked at, the others have to wait."""

    def guess(number: int) -> float:
        with pytest.raises(RefusedError) as refused:
            accounts.log_in("admin", f"guess guess {number}", HERE)
        return refused.value.wait

    with ThreadPoolExecutor(40) as pool:
        waits = list(pool.map(guess, range(40)))
    assert sum(wait == 0.0 for wait in waits) <= 8


def test_a_session_ends_when_nobody_is_there(
    admin: Person, engine: Engine, clock: HandClock
) -> None:
    """Idle for two hours, or twelve hours old; looking alone keeps no session alive."""
    sessions = Sessions(engine, clock)
    secret = sessions.begin(admin.id)
    for _ in range(3):
        clock.add(minutes=30)
        assert sessions.find(secret, touch=False) is not None
    clock.add(minutes=31)
    assert sessions.find(secret, touch=False) is None
    secret = sessions.begin(admin.id)
    for _ in range(12 * 2 - 1):
        clock.add(minutes=30)
        assert sessions.find(secret) is not None
    clock.add(minutes=30)
    assert sessions.find(secret) is None


def test_a_token_is_never_more_than_its_owner(
    accounts: Accounts, admin: Person, engine: Engine, clock: HandClock
) -> None:
    """A token for more is refused, and one that was allowed ends with the right behind it."""
    accounts.add("lin", [Grant(Role.OPERATOR, "east")])
    lin = next(each for each in accounts.everybody() if each.name == "lin")
    tokens = Tokens(engine, clock)
    for grant in (Grant(Role.OPERATOR), Grant(Role.ADMIN, "east"), Grant(Role.PLANNER, "east")):
        with pytest.raises(InputError):
            tokens.make(lin, "scada", grant, 30)
    secret = tokens.make(lin, "scada", Grant(Role.OPERATOR, "east/battery"), 30)
    token = tokens.find(secret)
    assert token is not None
    holder = allowed_by(token, lin)
    assert holder.may(Right.OPERATE, "east/battery")
    assert not holder.may(Right.OPERATE, "east/wind")
    accounts.grant(lin.id, [Grant(Role.VIEWER)])
    fallen = accounts.person(lin.id)
    assert fallen is not None
    assert not allowed_by(token, fallen).may(Right.OPERATE, "east/battery")
    clock.add(days=31)
    assert tokens.find(secret) is None


def test_tokens_end_with_the_password_and_with_their_owner(
    accounts: Accounts, admin: Person, engine: Engine, clock: HandClock
) -> None:
    """Whoever has stolen a token loses it when its owner changes the password, or is shut out."""
    tokens = Tokens(engine, clock)
    secret = tokens.make(admin, "grafana", Grant(Role.VIEWER), 30)
    accounts.change_password(admin.id, GOOD, "another four plain words")
    assert tokens.find(secret) is None
    accounts.add("lin", [Grant(Role.VIEWER)])
    lin = next(each for each in accounts.everybody() if each.name == "lin")
    secret = tokens.make(lin, "screen", Grant(Role.VIEWER), 30)
    accounts.disable(lin.id)
    accounts.disable(lin.id, disabled=False)
    assert tokens.find(secret) is None


def test_a_revoked_or_forged_token_is_none(admin: Person, engine: Engine, clock: HandClock) -> None:
    tokens = Tokens(engine, clock)
    secret = tokens.make(admin, "grafana", Grant(Role.VIEWER), 30)
    assert tokens.find(secret[:-1] + ("A" if secret[-1] != "A" else "B")) is None
    assert tokens.find(secret.removeprefix("zeroplant_")) is None
    (token,) = tokens.of(admin.id)
    assert not tokens.revoke(token.id, person=admin.id + 1)
    assert tokens.find(secret) is not None
    assert tokens.revoke(token.id)
    assert tokens.find(secret) is None


def test_the_last_admin_stays(accounts: Accounts, admin: Person) -> None:
    """Otherwise a slip of the mouse leaves a plant that nobody can manage."""
    with pytest.raises(InputError, match="nobody would be left"):
        accounts.grant(admin.id, [Grant(Role.VIEWER)])
    with pytest.raises(InputError, match="nobody would be left"):
        accounts.disable(admin.id)
    still = accounts.person(admin.id)
    assert still is not None
    assert still.may(Right.MANAGE)


def test_who_is_shut_out_is_out_at_once(
    accounts: Accounts, admin: Person, engine: Engine, clock: HandClock
) -> None:
    password = accounts.add("wang", [Grant(Role.OPERATOR)])
    wang = accounts.log_in("wang", password, HERE)
    sessions = Sessions(engine, clock)
    secret = sessions.begin(wang.id)
    accounts.disable(wang.id)
    assert sessions.find(secret) is None
    with pytest.raises(RefusedError, match="wrong"):
        accounts.log_in("wang", password, HERE)


PLACES = st.lists(st.sampled_from(["east", "west", "eastern", "battery"]), max_size=3).map("/".join)


@given(st.sampled_from(Role), PLACES, st.sampled_from(Right), PLACES)
def test_a_role_reaches_down_the_tree_and_never_sideways(
    role: Role, granted: str, right: Right, place: str
) -> None:
    """'east' is above 'east/battery' and neither above 'eastern' nor above the whole plant."""
    above = granted.split("/") if granted else []
    below = place.split("/") if place else []
    inside = below[: len(above)] == above
    may = allowed([Grant(role, granted)], right, place, Tree())
    assert may == (inside and allowed([Grant(role)], right, "", Tree()))
    assert not allowed([], right, place, Tree())

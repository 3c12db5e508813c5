"""``zeroplant people``: help for who lost a password, from the machine itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.doors import GOOD, opened
from zeroplant.cli import main
from zeroplant.portal.access import Grant, RefusedError, Role
from zeroplant.store import Journal

HERE = "192.0.2.1"


def test_a_password_is_reset_while_the_service_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The new one is printed and lets in once; the list says who has yet to choose one."""
    service = opened(tmp_path)
    service.accounts.add("lin", [Grant(Role.OPERATOR, "battery")])
    assert main(["people", "reset", "lin", "--data", str(tmp_path)]) == 0
    said = capsys.readouterr()
    password = said.out.split()[4]
    assert service.accounts.log_in("lin", password, HERE).must_change
    assert "people-by-hand" in said.err  # the service holds the diary
    (noted,) = Journal(tmp_path / "people-by-hand").read()
    assert (noted.key, noted.payload["what"]) == ("lin", "reset password")
    assert main(["people", "list", "--data", str(tmp_path)]) == 0
    assert "operator at battery (has yet to choose a password)" in capsys.readouterr().out
    service.close()
    assert main(["people", "reset", "lin", "--data", str(tmp_path)]) == 0
    again = opened(tmp_path)
    assert [each.payload["what"] for each in again.diary.read()] == ["reset password"]
    again.close()


def test_who_waits_after_wrong_passwords_is_let_try_again(tmp_path: Path) -> None:
    service = opened(tmp_path)
    password = service.accounts.add("lin", [Grant(Role.VIEWER)])
    (lin,) = service.accounts.everybody()
    service.accounts.change_password(lin.id, password, GOOD)
    for _ in range(6):
        with pytest.raises(RefusedError):
            service.accounts.log_in("lin", "wrong wrong wrong", HERE)
    assert main(["people", "unlock", "lin", "--data", str(tmp_path)]) == 0
    assert service.accounts.log_in("lin", GOOD, HERE)
    service.close()


@pytest.mark.parametrize("command", [["reset", "lim"], ["unlock", "lim"], ["list"]])
def test_what_cannot_be_done_is_said_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    """A folder nobody served, and then a name that is nearly somebody's."""
    assert main(["people", *command, "--data", str(tmp_path)]) == 1
    assert "zeroplant serve" in capsys.readouterr().err
    service = opened(tmp_path)
    service.accounts.add("lin", [Grant(Role.VIEWER)])
    service.close()
    if len(command) == 2:
        assert main(["people", *command, "--data", str(tmp_path)]) == 1
        assert "did you mean 'lin'?" in capsys.readouterr().err

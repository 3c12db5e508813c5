"""Who we are to a broker: never told in clear beyond this machine."""

from __future__ import annotations

import pytest

from zeroplant.errors import InputError
from zeroplant.links.credentials import PASSWORD, USER, credentials

SAID = {USER: "plant", PASSWORD: "secret"}


@pytest.mark.parametrize("host", ["broker.example", "192.168.1.4", "2001:db8::1"])
def test_a_password_does_not_leave_the_machine_in_clear(host: str) -> None:
    """What is only a name may; without encryption a password may not."""
    with pytest.raises(InputError, match="in clear; name the broker's certificates"):
        credentials(host, SAID)
    assert credentials(host, {USER: "plant"}).user == "plant"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_within_the_machine_it_may(host: str) -> None:
    found = credentials(host, SAID)
    assert (found.user, found.password, found.tls) == ("plant", "secret", None)

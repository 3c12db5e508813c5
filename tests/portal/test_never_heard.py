"""A point that was never heard: every page says that it is not known, and none says nothing."""

from __future__ import annotations

import numpy as np
import pytest
from fastapi.testclient import TestClient

from tests.operate.small_plant import START, small_network
from tests.portal.doors import enter
from tests.portal.test_live import seen
from tests.portal.test_plant import look
from zeroplant.operate.controller import Controller
from zeroplant.operate.entries import live
from zeroplant.operate.image import Image
from zeroplant.operate.known import Source
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.language.asset import PHRASES as OF_ASSETS
from zeroplant.portal.language.health import PHRASES as OF_POINTS
from zeroplant.portal.service import Service


def test_the_controller_tells_no_number_of_what_it_never_heard() -> None:
    """It counts with nothing there, which no meter has said."""
    controller = Controller(small_network())
    count = len(controller.points)
    image = Image(
        START, controller.points, np.full(count, np.nan), np.zeros(count, np.int64),
        np.full(count, 3, np.uint8),
    )  # fmt: skip
    said = live(image, controller.cycle(START, image), (), {}, ())["points"]["wind.output"]
    assert (said["value"], said["source"]) == (None, "never")


def test_its_pages_say_that_it_is_not_known(service: Service) -> None:
    image = seen(5.0)
    image["points"]["battery.level"] |= {"value": None, "source": "never", "quality": 3}
    with TestClient(application(service), follow_redirects=False) as client:
        enter(client, service, "lin", Grant(Role.VIEWER))
        look(client, service, image)
        for page in ("/", "/plant", "/plant/battery", "/fleet", "/grid"):
            assert client.get(page).status_code == 200, page
        assert "never heard" in client.get("/health?text=battery").text


@pytest.mark.parametrize("source", Source)
def test_where_a_value_comes_from_has_its_words(source: Source) -> None:
    assert f"source {source.name.lower()}" in OF_POINTS
    assert source is Source.MEASURED or source.name.lower() in OF_ASSETS

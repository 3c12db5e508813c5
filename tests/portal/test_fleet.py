"""What the page of fleets says: sums, histograms, and never a zero for what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.portal.doors import cheap, enter
from zeroplant.plan.report.names import names_of
from zeroplant.plan.report.text import same
from zeroplant.plant import build, load_plant
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.catalogue import AssetOf, Catalogue, PointOf, catalogue_of
from zeroplant.portal.fleet import Card, cards, stations_of
from zeroplant.portal.present import Present
from zeroplant.portal.scene import Scene, scene_of
from zeroplant.portal.service import open_service
from zeroplant.portal.tree import standings

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
PLANT = load_plant(EXAMPLES / "swap-corridor")


@pytest.fixture(scope="module")
def corridor() -> tuple[Catalogue, Scene]:
    """The swap corridor, built once."""
    network = build(PLANT).network
    return catalogue_of(PLANT, network, {}), scene_of(network, names_of(PLANT.assets), {})


def card(
    corridor: tuple[Catalogue, Scene], name: str, values: Mapping[str, float | None],
    *, sizes: Mapping[str, float] | None = None, stations: Mapping[str, Any] | None = None,
) -> Card:  # fmt: skip
    """The card of one fleet while its points have these values, and others are not told of."""
    catalogue, scene = corridor
    points = {
        f"{name}.{key}": {"value": value, "unit": "", "quality": 0, "source": "measured"}
        for key, value in values.items()
    }
    now = Present({"points": points}, NOON, 0.0)
    standing = standings([catalogue.assets[name]], scene, now)
    told = stations_of({"stations": stations or {}})
    (found,) = cards(PLANT, standing, sizes or {}, now, told)
    return found


def said(found: Card) -> dict[str, str]:
    return {figure.label.en: figure.said.en for figure in found.figures}


def test_a_swap_station(corridor: tuple[Catalogue, Scene]) -> None:
    """Trucks of both classes count together; the queue stands as it is measured."""
    values = {"trucks 0": 4.5, "trucks 1": 3.5, "swaps": 6.0, "waiting": 2.0, "full": 9.0}
    found = card(corridor, "swap Fuling", values, sizes={"swap Fuling.packs": 22.5})
    assert said(found) == {
        "trucks come": "8 /h", "swaps": "6 /h", "trucks in the queue": "2 trucks",
        "trucks turned away": "unknown", "packs short of the spare": "unknown",
    }  # fmt: skip
    columns = [(column.label.en, column.count, column.reckoned) for column in found.columns]
    assert columns == [("lowest class", 14.0, True), ("full", 9.0, False)]
    assert found.unheard == "single slots"


def test_one_unheard_part_makes_a_sum_unknown(corridor: tuple[Catalogue, Scene]) -> None:
    found = card(corridor, "swap Fuling", {"trucks 0": 4.5, "trucks 1": None})
    assert said(found)["trucks come"] == "unknown"


def test_the_rest_is_unknown_without_all_others(corridor: tuple[Catalogue, Scene]) -> None:
    """Neither without the number of packs, nor without a class in between, nor below zero."""
    sizes = {"swap Xiushan.packs": 12.1}
    classes = {"class 1": 5.0, "class 2": 0.0, "full": 9.0}
    assert card(corridor, "swap Xiushan", classes).columns[0].count is None
    part = {key: value for key, value in classes.items() if key != "class 2"}
    assert card(corridor, "swap Xiushan", part, sizes=sizes).columns[0].count is None
    assert card(corridor, "swap Xiushan", classes, sizes=sizes).columns[0].count == 0.0


def test_a_class_that_is_guessed_is_doubtful(corridor: tuple[Catalogue, Scene]) -> None:
    """And so is the rest that is worked out from it."""
    catalogue, scene = corridor
    classes = {"class 1": "measured", "class 2": "held", "full": "measured"}
    points = {
        f"swap Xiushan.{key}": {"value": 2.0, "unit": "", "quality": 0, "source": source}
        for key, source in classes.items()
    }
    now = Present({"points": points}, NOON, 0.0)
    standing = standings([catalogue.assets["swap Xiushan"]], scene, now)
    (found,) = cards(PLANT, standing, {"swap Xiushan.packs": 12.0}, now, {})
    assert [(column.label.en, column.doubtful) for column in found.columns] == [
        ("lowest class", True), ("class 1", False), ("class 2", True), ("full", False),
    ]  # fmt: skip


def test_slots_as_the_station_tells_them(corridor: tuple[Catalogue, Scene]) -> None:
    """Its own slots go before classes; a charge that is none is unknown, not empty."""
    slots = [
        {"id": "1", "pack": "P7", "soc": 1.0, "state": "full"},
        {"id": "2", "pack": "P8", "soc": 0.31, "state": "charging"},
        {"id": "3", "pack": "P9", "soc": 5.0, "state": "?"},
        {"id": "4", "pack": None, "soc": None, "state": "free"},
    ]
    station = {"swap Fuling": {"connected": True, "since": NOON.isoformat(), "slots": slots}}
    found = card(corridor, "swap Fuling", {"full": 9.0}, stations=station)
    assert [column.count for column in found.columns] == [0.0, 1.0, 0.0, 0.0, 1.0, 1.0]
    assert found.columns[-1].label.en == "unknown"
    assert found.station is not None
    assert found.station.slots[3].pack == ""
    assert found.unheard == ""


@pytest.mark.parametrize("told", [None, {}, {"stations": None}, {"stations": {"x": "odd"}}])
def test_no_station_calls_in(told: Any) -> None:
    assert stations_of(told) == {}


def test_the_share_of_a_store_is_of_all_groups() -> None:
    """Two groups of home batteries: 3 of 4 MWh and 1 of 4 MWh are half."""

    def point(name: str, most: float) -> PointOf:
        return PointOf(f"homes.{name}", "homes", same(name), "MWh", 0.0, most, False, True)

    asset = AssetOf("homes", "home_fleet", same("h"), None, (), (),
                    (point("batteries 1", 4.0), point("batteries 2", 4.0)))  # fmt: skip
    points = {f"homes.batteries {n}": {"value": v, "quality": 0, "source": "measured"}
              for n, v in ((1, 3.0), (2, 1.0))}  # fmt: skip
    now = Present({"points": points}, NOON, 0.0)
    plant = load_plant(EXAMPLES / "home-fleet")
    standing = standings([asset], Scene((), ()), now)
    (found,) = cards(plant, standing, {}, now, {})
    assert [(f.label.en, f.said.en, f.share) for f in found.figures] == [
        ("in the batteries", "4 MWh", 0.5)
    ]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """Somebody who may look at one station of the corridor only."""
    service = open_service(EXAMPLES / "swap-corridor", tmp_path, names=["testserver"])
    cheap(service.accounts)
    with TestClient(application(service), follow_redirects=False) as client:
        enter(client, service, "wang", Grant(Role.VIEWER, "swap Wulong"))
        yield client


def test_only_their_own_station(client: TestClient) -> None:
    """And what nobody has told is unknown on it."""
    text = client.get("/fleet").text
    assert "swap Wulong" in text
    assert "swap Fuling" not in text
    assert text.count("unknown") >= 5
    assert "0 /h" not in text

"""Names of flows, stores, capacities and ledger lines, by the kind of the asset they belong to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from zeroplant.assets import chinese, kinds
from zeroplant.axis import Axis
from zeroplant.plan.report.facts.assumptions import assumptions
from zeroplant.plan.report.facts.fields import field_name
from zeroplant.plan.report.figures import price, quantity
from zeroplant.plan.report.names import Names, option, words_of
from zeroplant.plan.report.text import Text, listed, same

NAMES = Names({kind: kind for kind in kinds()})


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_an_asset_speaks_the_words_of_its_own_kind(kind: str) -> None:
    """*Proves:* whatever other kinds say, each kind's parameters and parts are called as it says.

    *A wrong answer would be:* a box port's "charge 1" called charging of home batteries.
    """
    own = kinds()[kind].chinese
    wrong = {key: field_name(key, own).zh for key in own if field_name(key, own).zh != own[key]}
    assert wrong == {}
    for word, said in words_of(kinds()[kind]).items():
        if "{}" not in word and not word.startswith("."):
            assert NAMES.part(f"{kind}.{word}") == Text(f"{kind} {word}", f"{kind} {said}"), word


def test_words_with_two_meanings_belong_to_no_other_kind() -> None:
    """*Proves:* a word on which kinds do not agree is not lent to a kind that has none.

    *A wrong answer would be:* the meaning of whichever kind comes last in the alphabet.
    """
    assert "auxiliary" not in chinese()
    assert Names().part("works.charge 1").zh == "works 充电 1"
    assert NAMES.part("box_port.charge 1").zh == "box_port 充电（第1级）"
    assert NAMES.part("home_fleet.charge 1").zh == "home_fleet 户用储能充电 1"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("charger_hub.plugs", "充电枪母线"),
        ("charger_hub.uncharged", "未充电量"),
        ("roofs.homes", "户内电源侧"),
        ("service_area.plugs", "充电枪母线"),
        ("tunnel.fans", "通风用电"),
        ("swap_station.lanes", "换电车道数"),
    ],
)
def test_a_part_is_not_called_like_a_parameter(name: str, says: str) -> None:
    """*Proves:* a node or flow called like a parameter that is something else has its own name.

    *A wrong answer would be:* the node of the plugs called "plugs per charger".
    """
    assert NAMES.part(name).zh.split(" ", 1)[1] == says


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("feeder.to v1", "送往 v1"),
        ("feeder.from v1", "自 v1 返送"),
        ("village.missing pumps", "pumps 未供电量"),
        ("swap_station.charging 0 to 1", "充电 0→1 级"),
        ("swap_station.charging qiji 0 to 1", "充电 qiji 0→1 级"),
        ("swap_station.trucks 2", "2 级到站车辆"),
        ("swap_station.swaps a with b", "a 换 b"),
        ("swap_station.waiting qiji", "排队车辆（qiji）"),
        ("road.swap Fuling", "Fuling 换电车流"),
        ("ship_line.boxes at port 0", "port 到港电池箱（第0级）"),
        ("by_product.mill", "mill"),
    ],
)
def test_words_around_a_name_of_the_user(name: str, says: str) -> None:
    """*Proves:* the program's words are Chinese, the user's stay as they are."""
    assert NAMES.part(name).zh.split(" ", 1)[1] == says


def test_ledger_lines_and_wishes() -> None:
    """*Proves:* a ledger line is for what its owner's kind says; a wish is named in Chinese."""
    assert NAMES.phrase("missing pumps", "village").zh == "pumps 未供电量"
    assert NAMES.phrase("annuity of swap packs", "swap_station").zh == "站内电池年金"
    assert NAMES.phrase("running home_fleet.discharge 1").zh == "户用储能放电 1变动成本"
    assert NAMES.phrase("hydrogen bought", "supply").zh == "购氢"
    assert NAMES.phrase("electricity sold", "offtake").zh == "售电"
    assert NAMES.part("synthesis.least load").zh == "synthesis 最低负荷"
    breach = NAMES.phrase("breach of synthesis.least load")
    assert breach == Text("breach of synthesis least load", "违反：synthesis 最低负荷")


def test_units_that_count_things_are_chinese() -> None:
    """*Proves:* what is counted is Chinese; what is a sign of a unit stays."""
    assert price(2.0, "truck·h").zh == "2 元/辆·h"
    assert price(2.0, "pack·h").zh == "2 元/组·h"
    assert price(2.0, "roof") == Text("2 CNY/roof", "2 元/户")
    assert quantity(3.0, "lanes") == Text("3 lanes", "3 条")
    assert quantity(3.0, "MWh") == Text("3 MWh", "3 MWh")


def test_lists_of_sections_are_told_member_by_member() -> None:
    """*Proves:* what is written of each member is told, with units and in Chinese.

    *A wrong answer would be:* "1 entries".
    """
    branch_given = {"from": "a", "to": "b", "r": 1.4, "x": 1.8, "power": 3.0}
    feeder = {"kind": "feeder", "source_node": "a", "branches": [branch_given]}
    pumps_given = {"power": 0.04, "share": 0.5}
    village = {"kind": "village", "at": "b", "households": 10, "collective": {"pumps": pumps_given}}
    axis = Axis(datetime(2025, 1, 1, tzinfo=UTC), 2)
    rows = {
        row.key: row
        for said in (feeder, village)
        for row in assumptions(kinds()[str(said["kind"])].model_validate(said), axis, "CNY")
    }
    branch, pumps = rows["branches.0"], rows["collective.pumps"]
    assert branch.value.en == "from: a; to: b; r: 1.4 ohm; x: 1.8 ohm; power: 3 MW"
    assert branch.value.zh.startswith("线段起点：a；线段终点：b；电阻：1.4 ohm")
    assert pumps.name.zh == "村集体负荷 pumps"
    assert pumps.value.zh == "集体负荷功率：0.04 MW；运行时间比例：50 %"


def test_parties_and_carriers_are_said_in_both_languages() -> None:
    """*Proves:* who is paid has Chinese words, unless it is an asset, whose name is the user's.

    *A wrong answer would be:* an asset called "grid" under another name than in the plant file.
    """
    names = Names({"grid": "grid"})
    assert names.party("consumer") == Text("consumer", "用户")
    assert names.party("grid") == Text("grid", "grid")
    assert names.node("grid") == same("grid")
    slag = Names({"slag": "by_product"})
    assert slag.node("slag.stream") == Text("slag stream", "slag 副产物母线")
    assert slag.node("yard.east") == same("yard.east")
    assert names.carrier("hydrogen", "hydrogen").en == ""
    assert names.carrier("hydrogen", "tank farm").en == "hydrogen"
    assert names.carrier("hydrogen", "hydrogen").zh != "hydrogen"
    assert listed([same("8.5 t/h"), same("coal dryers")]).zh == "8.5 t/h 和 coal dryers"


def test_every_choice_is_said_in_chinese() -> None:
    """*Proves:* whatever a parameter of a kind may be chosen among has Chinese words.

    *A wrong answer would be:* an electrolyser of "alkaline" technology on a Chinese page.
    """
    choices, waiting = set[str](), list[Any](kinds().values())
    seen = set[Any]()
    while waiting:
        part = waiting.pop()
        if get_origin(part) is Literal:
            choices |= {each for each in get_args(part) if isinstance(each, str)}
        elif isinstance(part, type) and issubclass(part, BaseModel):
            if part not in seen:
                seen.add(part)
                fields = part.model_fields.items()
                waiting += [field.annotation for name, field in fields if name != "kind"]
        else:
            waiting += get_args(part)
    assert {"alkaline", "month"} <= choices
    assert [each for each in sorted(choices) if option(each).zh.isascii()] == []


def test_points_beside_the_flows_have_words() -> None:
    """Of a running plant: what a flow could give, and whether an asset answers."""
    names = Names({"wind": "wind"})
    said = names.part("wind.output.possible")
    assert said == ("wind output: possible now", "wind 出力：当前可用")
    assert Names().phrase("charging").zh == "充电"
    assert names.quantity("wind.output.possible") == ("output: possible now", "出力：当前可用")
    assert names.part("wind.online") == ("wind answers", "wind 应答")

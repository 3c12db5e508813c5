"""Chinese for the words that swap stations bring to a report."""

from __future__ import annotations

from collections.abc import Mapping

_FIELDS = {
    "packs": "电池包",
    "classes": "荷电状态分级数",
    "lanes": "换电车道数",
    "swaps_per_day": "单车道日换电次数上限",
    "swap_time": "单次换电时间",
    "chargers": "充电机数",
    "charger_power": "单台充电功率",
    "headroom": "充电功率备用比例",
    "v2g": "向电网反向放电",
    "auxiliary": "站用电",
    "service_level": "满电电池可得率",
    "spare": "备用满电电池数",
    "service_fee": "单次换电服务费",
    "waiting_price": "排队惩罚价",
    "turned_away": "拒绝服务惩罚价",
    "capex_lane": "单车道造价",
    "upkeep_lane": "单车道年运维费",
    "capex_charger": "充电机单位造价",
    "capex_connection": "变压器与接入单位造价",
    "packs.energy": "单包容量",
    "packs.count": "站内电池包数",
    "packs.charge_limit": "单包最大充电功率",
    "packs.trucks": "每小时到站车辆",
    "packs.charge_on_arrival": "到站荷电状态",
    "packs.also_fits": "可兼容车型",
    "packs.capex": "电池单位造价",
    "packs.life": "电池日历寿命",
    "packs.cycle_life": "电池循环寿命",
    "packs.wear": "电池损耗计提",
    "packs.soc_min": "最低荷电状态",
    "packs.soc_max": "最高荷电状态",
}
_WORDS = {
    # flows and stores
    "full": "满电电池包",
    "waiting": "排队车辆",
    "packs in the rack": "在架电池包",
    "charging from below": "低于最低荷电状态的补电",
    "missing spare": "备用电池缺额",
    "few chargers": "充电机不足台数",
    "turned away": "拒绝服务车辆",
    "swaps": "换电次数",
    # the ledger
    "swap fees": "换电电费收入",
    "swap service": "换电服务费收入",
    "swap packs": "站内电池",
    "swap lanes": "换电车道",
    "swap chargers": "充电机",
    "swap connection": "变压器与接入",
    "pack wear": "电池损耗计提",
    "trucks waiting": "车辆排队",
    "packs missing in the rack": "备用电池缺额",
    "trucks turned away": "拒绝服务车辆",
}
_BY_CLASS = {
    "trucks {}": "{} 级到站车辆",
    "class {}": "{} 级电池包",
    "charging {} to {}": "充电 {}→{} 级",
    "giving back {} to {}": "放电 {}→{} 级",
    "lacking {}": "{} 到站缺电量",
    "arrivals {} {}": "{} 到站电池包（{} 级）",
    "swaps {} with {}": "{} 换 {}",
    "packs {}": "电池包（{}）",
}

CHINESE: Mapping[str, str] = (
    _FIELDS
    | _WORDS
    # A station with several families of packs names the family after the word.
    | {f"{word} {{}}": f"{said}（{{}}）" for word, said in _WORDS.items()}
    | _BY_CLASS
)

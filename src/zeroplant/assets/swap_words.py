"""Chinese for the words that swap stations bring to a report."""

from __future__ import annotations

from collections.abc import Mapping

_BY_CLASS = {
    "trucks {}": "{} 级到站车辆",
    "turned away {}": "拒绝服务车辆（{} 级）",
    "class {}": "{} 级电池包",
    "charging {} to {next}": "充电 {}→{next} 级",
    "giving back {} to {next}": "放电 {next}→{} 级",
}

CHINESE: Mapping[str, str] = {
    # parameters
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
    # flows, stores and capacities
    "full": "满电电池包",
    "waiting": "排队车辆",
    "missing spare": "备用电池缺额",
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
    **{
        english.format(number, next=number + 1): chinese.format(number, next=number + 1)
        for english, chinese in _BY_CLASS.items()
        for number in range(10)
    },
}

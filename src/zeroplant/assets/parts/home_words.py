"""Chinese for the fields, parts and ledger phrases of a home fleet."""

from __future__ import annotations

from collections.abc import Mapping

_RANGES = {
    "rooms.power": "空调额定功率",
    "rooms.cop": "制冷能效比（35 ℃）",
    "rooms.heating_cop": "制热能效比（7 ℃）",
    "rooms.resistance": "房间热阻",
    "rooms.capacity": "房间热容",
    "rooms.summer": "夏季设定温度",
    "rooms.winter": "冬季设定温度",
    "rooms.band": "允许偏离设定温度",
    "rooms.gains": "室内得热",
    "rooms.aperture": "等效透光面积",
    "batteries.power": "户用储能功率",
    "batteries.energy": "户用储能容量",
    "roofs.power": "户用光伏功率",
    "cars.power": "充电功率",
    "cars.energy": "日充电量",
    "cars.leaves": "离家时刻",
    "cars.returns": "到家时刻",
}
_FIELDS = {
    "homes": "户数",
    "table": "住户数据表",
    "yearly_use": "户均年用电量（不含空调与车）",
    "rooms": "空调房间",
    "rooms.share": "空调普及率",
    "rooms.in_use": "当季开机比例",
    "rooms.accepts": "参与意愿比例",
    "rooms.reachable": "通信可达比例",
    "rooms.opt_out": "临时退出比例",
    "rooms.cooling": "制冷月份",
    "rooms.heating": "制热月份",
    "rooms.events_per_day": "每日调节次数上限",
    "rooms.event_hours": "单次调节时长",
    "rooms.pay": "压降电量补偿",
    "rooms.ready": "备用容量补偿",
    "rooms.groups": "空调聚合组数",
    "batteries": "户用储能",
    "batteries.share": "户用储能普及率",
    "batteries.accepts": "储能参与比例",
    "batteries.round_trip": "往返效率",
    "batteries.reserve": "停电备用比例",
    "batteries.self_discharge": "月自放电率",
    "batteries.wear": "损耗计提",
    "batteries.pay": "放电补偿",
    "batteries.capex": "储能单位造价",
    "batteries.upkeep": "储能固定运维费",
    "batteries.life": "储能寿命",
    "batteries.groups": "储能聚合组数",
    "roofs": "户用光伏",
    "roofs.share": "户用光伏普及率",
    "roofs.tilt": "倾角",
    "roofs.azimuth": "方位角",
    "roofs.losses": "损失率",
    "roofs.capex": "光伏单位造价",
    "roofs.feed_in": "户用光伏上网电价",
    "roofs.upkeep": "光伏固定运维费",
    "roofs.life": "光伏寿命",
    "cars": "居民电动汽车",
    "cars.share": "电动汽车普及率",
    "cars.accepts": "有序充电参与比例",
    "cars.groups": "充电聚合组数",
}
_PARTS = {
    "reduced": "空调压降功率",
    "reduced today": "当日已压降电量",
    "less than usual": "低于常态用电",
    "roof output": "户用光伏出力",
    "roof potential": "户用光伏可发功率",
    "roof feed-in": "户用光伏上网电费",
    "roof power": "户用光伏",
    "battery energy": "户用储能容量",
    "battery power": "户用储能功率",
    "home battery energy": "户用储能容量",
    "home battery power": "户用储能功率",
    "readiness": "备用容量补偿",
    "reduction": "压降电量补偿",
    "discharge paid": "放电补偿",
}
_NUMBERED = {
    "air conditioning": "空调用电",
    "rooms": "房间蓄冷（热）",
    "car charging": "居民车充电",
    "cars": "居民车电量",
    "charge": "户用储能充电",
    "discharge": "户用储能放电",
    "batteries": "户用储能电量",
}
MOST_GROUPS = 8

CHINESE: Mapping[str, str] = (
    _FIELDS
    | _PARTS
    | {f"{key}.{end}": f"{said}{word}" for key, said in _RANGES.items()
       for end, word in (("min", "下限"), ("max", "上限"))}
    | {f"{key} {number}": f"{said} {number}" for key, said in _NUMBERED.items()
       for number in range(1, MOST_GROUPS + 1)}
)  # fmt: skip

"""What can be wrong with parts of several kinds of assets, in Chinese; `{}` is a gap."""

from __future__ import annotations

from collections.abc import Mapping

PARTS: Mapping[str, str] = {
    # assets/parts/carrier.py
    "the node '{}' counts in {}": "节点“{}”以 {} 计",
    "use a node in {}": "请用以 {} 计的节点",
    "{}: '{}' is {}, and the node '{}' carries {} in {}":
        "{}：“{}”是 {}，而节点“{}”承载 {}（以 {} 计）",
    "the node '{}' carries electricity, which is not {} in this way":
        "节点“{}”承载电力，不能以此方式 {}",
    # assets/parts/cascade.py
    "water flows in a circle: {}": "水流成环：{}",
    "let one of them flow on elsewhere": "请让其中一个流向别处",
    "downstream '{}' is no waterworks": "下游“{}”不是水利工程",
    "it receives water of other works, so its inflow does not tell of floods":
        "其承接上游工程来水，由来水量看不出洪水",
    "write river_flow: the natural flow of the whole river there":
        "请给出“river_flow”：该处整条河流的天然流量",
    # assets/parts/commitment.py
    "only a given capacity or one size can be switched on and off":
        "只有给定容量或单一待定容量可以启停",
    "{} {} whole numbers; write 'on_off: true' (a slower plan) or leave it out":
        "{0} 须取整数；请写 'on_off: true'（求解较慢）或去掉",
    "on and off need a largest size": "启停须有最大容量",
    "write max beside min": "请在“min”旁写“max”",
    # assets/parts/direction.py
    "running one way at a time needs a largest size": "单向运行须有最大容量",
    # assets/parts/home_devices.py
    "'min' is above 'max'; exchange the two": "“min”大于“max”；请对调",
    "month {} stands in 'cooling' and in 'heating'; leave it in one":
        "{} 月同时列于“cooling”与“heating”；请只留其一",
    "say whose the roofs are: give either 'capex', if the plant buys them, or 'feed_in', "
    "what it pays homes that own them":
        "请说明屋顶归谁：给出“capex”（电厂购买）或“feed_in”（付给拥有者的价格）之一",
    "'upkeep' is paid by the homes that own the roofs; leave it out":
        "“upkeep”由拥有屋顶的住户承担；请去掉",
    # assets/parts/hydrogen.py
    "the node '{}' counts hydrogen in {}, not in kg/h": "节点“{}”的氢以 {} 计，不是 kg/h",
    "write unit: kg/h, or leave it out": "请写 'unit: kg/h'，或不写",
    # assets/parts/lock.py
    "'opens' must be before 'closes'": "“opens”须早于“closes”",
    "give either 'per_day' or 'ships'": "“per_day”与“ships”只能给出其一",
    "'ships' that come by the hour may have to wait; say how long with 'waits'":
        "按小时到达的“ships”可能需要等待；请用“waits”说明时长",
    "'whole' lockages are planned ones; say how long ships may wait with 'waits'":
        "“whole”为整次过闸计划；请用“waits”说明船舶可等待的时长",
    "'per_day' counts lockages; give 'ships' instead to share them in a 'group'":
        "“per_day”是过闸次数；如需在“group”中共用，请改用“ships”",
    "'shared_filling' needs a second chamber; write chambers: 2":
        "“shared_filling”需要第二个闸室；请写 'chambers: 2'",
    "in its hours the lock makes at most {} lockages a day, by 'chambers' and 'cycle'; "
    "write less for 'per_day'":
        "按“chambers”与“cycle”，开放时间内每天至多过闸 {} 次；请减小“per_day”",
    # assets/parts/matching.py
    "give either 'within' or 'pack'": "“within”与“pack”只能给出其一",
    "green.sources: '{}' makes no green electricity": "“green.sources”：“{}”不产绿电",
    "name wind, solar, hydro, a grid with 'green_premium', or a battery":
        "请指定风电、光伏、水电、带“green_premium”的电网或电池",
    "the rule pack '{}' does not say within which span to match": "规则包“{}”未规定匹配的时间跨度",
    "write within: hour, or another pack": "请写 'within: hour'，或换用其他规则包",
    "it claims green sources that '{}' claims in another way": "其绿电来源已被“{}”以其他方式使用",
    "give both the same sources and span, or sources of their own":
        "请令二者的来源与跨度相同，或各用各的来源",
    # assets/parts/pack_family.py
    "give either 'cycle_life' or 'wear'": "“cycle_life”与“wear”只能给出其一",
    "'cycle_life' sets aside a share of 'capex'; give 'capex' too":
        "“cycle_life”按“capex”的比例计提；请同时给出“capex”",
    "write one from {} to {}, or another '{}'": "应为 {} 至 {}，或修改“{}”",
    "'{}' is not a number per hour": "“{}”不是每小时的数量",
    # assets/parts/radial.py
    "the branch from '{}' to '{}' closes a ring": "从“{}”到“{}”的支路形成环网",
    "no way leads from '{}' to the branch from '{}' to '{}'": "从“{}”没有通路到达“{}”至“{}”的支路",
    "name the branch that joins it": "请写出连接它的支路",
    "leave out the branch that is open in operation": "请去掉运行中断开的支路",
    # assets/parts/road_match.py
    "on {} no station has packs '{}'": "在 {} 上没有存放电池包“{}”的换电站",
    "{} cannot be driven {}": "{} 无法行驶：{}",
    "add a station between, or leave out 'stations' and run 'zeroplant siting'":
        "请在其间增设换电站，或去掉“stations”并运行 'zeroplant siting'",
    "put one at {}": "请设一座于 {}",
    "stations: the asset '{}' is no swap station": "“stations”：资产“{}”不是换电站",
    "stations: there is no asset '{}'": "“stations”：没有资产“{}”",
    "declare one of kind: swap_station": "请声明 'kind: swap_station' 的资产",
    "no truck on the road takes a pack of the station '{}'": "路上没有卡车使用换电站“{}”的电池包",
    "the station '{}' says itself how many trucks come for '{}'":
        "换电站“{}”自己规定了为“{}”而来的卡车数",
    "trucks say '{}' {}{} of the pack '{}', and the station '{}' says '{}' {}{}":
        "卡车“{}”为 {}{}（电池包“{}”），而换电站“{}”的“{}”为 {}{}",
    "its packs are: {}": "其电池包有：{}",
    "leave out 'trucks' of that pack there": "请去掉该站该电池包的“trucks”",
    "write the same in both": "请使二者一致",
    # assets/parts/road_parts.py
    "'altitudes' holds fewer than two heights": "“altitudes”不足两个高程",
    "give both ends": "请给出两端",
    "'loaded' {} t is less than 'empty' {} t": "“loaded” {} t 小于“empty” {} t",
    "'reserve' {} is not below 'full' {}": "“reserve” {} 不低于“full” {}",
    "write the whole mass of truck and load": "请写车与货的总质量",
    "'tunnels' is longer than the segment": "“tunnels”长于路段",
    "write its share": "请写其比例",
    "write 0.15 and 0.95, for example": "例如 0.15 与 0.95",
    "trips begin and end at '{}'": "行程起止均为“{}”",
    "name two different places": "请指定两个不同的地点",
    "'{}' holds {} figures, not {}": "“{}”有 {} 个数，应为 {} 个",
    "'{}' holds a negative figure, or nothing but zeros": "“{}”中有负数，或全为零",
    "give {} shares or counts, none below 0": "请给出 {} 个份额或数量，均不小于 0",
    # assets/parts/session_sources.py
    "the shares of 'stays' add up to {}; write shares that add up to 1":
        "“stays”各项之和为 {}；应合计为 1",
    "none of its {} sessions is in the plan; the first comes at {} UTC":
        "其 {} 次充电均不在计划期内；首次在 {} UTC",
    "plan the days of the table": "请把计划期设为表中的日期",
    "there is no column '{}'": "没有列“{}”",
    # assets/parts/standby.py
    "'standby' and 'start_time' need to know the rating of one set":
        "“standby”与“start_time”需要知道单台额定值",
    "write 'power' with a 'step', the rating of a set": "请为“power”写出“step”（单台额定值）",
    # assets/parts/water.py
    "'rough_zones' must be ordered and apart, each from less to more, below 1":
        "“rough_zones”须有序且互不相接，各由小到大，小于 1",
    "'rough_zones' are those of one of the 'units': say how many there are":
        "“rough_zones”针对“units”中的一台：请说明台数",
    "the range of 'power' needs a 'max': 'turbine_flow' belongs to it":
        "“power”的范围须有“max”：“turbine_flow”与之对应",
}  # fmt: skip
"""What is said, and the same in Chinese."""

"""What can be wrong with single kinds of assets, in Chinese; `{}` is a gap."""

from __future__ import annotations

from collections.abc import Mapping

ASSETS: Mapping[str, str] = {
    # assets/battery.py
    "give either 'energy' or 'hours'": "“energy”与“hours”只能给出其一",
    "'soc_min' {} is not below 'soc_max' {}": "“soc_min” {} 不低于“soc_max” {}",
    "'soc_start' {} is not from 'soc_min' to 'soc_max'":
        "“soc_start” {} 不在“soc_min”与“soc_max”之间",
    "with this calendar fade nothing is left halfway through its life":
        "按此日历衰减，寿命过半时容量已为零",
    # assets/by_product.py
    "{}: the stream is counted in {}, the node '{}' in {}":
        "{}：该物流以 {} 计，而节点“{}”以 {} 计",
    "name a node that counts the same": "请指定计量单位相同的节点",
    "give 'made', how much of it arises, or 'at', the node where it arrives":
        "请给出“made”（产生量）或“at”（送达的节点）",
    "uses: a use cannot be called '{}'": "“uses”：用途不能命名为“{}”",
    "uses.{}: it accepts {}, and the stream has {}": "“uses.{}”：其可接受 {}，而物流为 {}",
    "uses.{}: nothing is said of who takes it": "“uses.{}”：未说明由谁接收",
    "uses.{}: a m3 of water does not replace {} m3": "“uses.{}”：1 m3 水不能替代 {} m3",
    "uses.{}: 'shape' needs 'most', which it multiplies":
        "“uses.{}”：“shape”须与“most”并用，二者相乘",
    "name it after who takes it": "请以接收方命名",
    "give 'treatment', what it costs to make it fit, or leave the use out":
        "请给出“treatment”（使其合格的处理费用），或去掉该用途",
    "give 'at', 'price' or 'most'": "请给出“at”“price”或“most”",
    "write 'replaces' of 1 or less": "“replaces”应不大于 1",
    "give 'most' too": "请同时给出“most”",
    # assets/charger_hub.py
    "give either 'sessions' (a table) or 'arrivals' (numbers per hour)":
        "“sessions”（表）与“arrivals”（每小时数量）只能给出其一",
    "vehicles give back with control: smart and aggregate: inner only":
        "车辆向电网放电须写 'control: smart' 与 'aggregate: inner'",
    # assets/chiller.py
    "'cop' says it all; leave out {}, or 'cop'": "“cop”已完整说明；请去掉 {}，或去掉“cop”",
    "an absorption chiller does not follow the air; leave out {}":
        "吸收式制冷机不随气温变化；请去掉 {}",
    "'auxiliary' belongs to 'from'; give it too, or leave out 'auxiliary'":
        "“auxiliary”须与“from”并用；请补上，或去掉“auxiliary”",
    "a 'cop' of {} is above {}, the most that heat drives":
        "“cop” {} 大于 {}，热驱动制冷不能达到",
    "write cold per heat, 0.7 or 1.2, or leave out 'from'":
        "应为单位热量的制冷量，0.7 或 1.2；或去掉“from”",
    # assets/chp.py
    "'electric_efficiency' and 'heat_efficiency' add up to more than the fuel":
        "“electric_efficiency”与“heat_efficiency”之和大于 1",
    "'condensing_efficiency' {} is below 'electric_efficiency' {}; giving heat costs electricity":
        "“condensing_efficiency” {} 低于“electric_efficiency” {}；供热须以少发电为代价",
    # assets/demand.py
    "write kind: offtake, with 'least'": "请写 'kind: offtake'，并给出“least”",
    # assets/electrolyser.py
    "'part_load' needs two points or more, with rising loads above 0":
        "“part_load”至少需要两个点，且负荷率大于 0 并递增",
    "'part_load' has a consumption that is not above 0": "“part_load”中有不大于 0 的电耗",
    "'heat_share' belongs to 'heat'; give it too, or leave out 'heat_share'":
        "“heat_share”须与“heat”并用；请补上，或去掉“heat_share”",
    "{} kWh/kg is less than hydrogen holds, 39.4 kWh/kg": "{} kWh/kg 小于氢的热值 39.4 kWh/kg",
    "{} kWh/kg at its best load is less than hydrogen holds, 39.4 kWh/kg":
        "最佳负荷下 {} kWh/kg 小于氢的热值 39.4 kWh/kg",
    "{} kWh/kg leave no heat_share of {} beside the 39.4 kWh/kg that hydrogen holds":
        "{} kWh/kg 扣除氢的热值 39.4 kWh/kg 后，不足以给出热量比例 {}",
    "{} kWh/kg at its best load leave no heat_share of {} beside the 39.4 kWh/kg that "
    "hydrogen holds":
        "最佳负荷下 {} kWh/kg 扣除氢的热值 39.4 kWh/kg 后，不足以给出热量比例 {}",
    "write 'consumption' of 50…58 kWh/kg": "“consumption”应为 50…58 kWh/kg",
    "write 'heat_share' {} or less": "“heat_share”应不大于 {}",
    "the node '{}' counts water in {}": "节点“{}”以 {} 计水量",
    "write unit: {}": "请写 'unit: {}'",
    # assets/feeder.py
    "'source_voltage' {} is itself outside the limits of bus '{}'":
        "“source_voltage” {} 本身超出母线“{}”的限值",
    "there is no node '{}' for the bus": "没有该母线的节点“{}”",
    "the bus '{}' carries {}, not electricity": "母线“{}”承载 {}，而非电力",
    "name nodes of electricity": "请指定电力节点",
    # assets/fuel_cell.py
    "'efficiency' and 'heat_share' together are more than the hydrogen holds":
        "“efficiency”与“heat_share”之和超过氢的能量",
    # assets/grid.py
    "'{}' exempts nothing": "“{}”不免除任何费用",
    "write cn-charging-exemption": "请写 'cn-charging-exemption'",
    "a two-part tariff has 'demand_charge' or 'capacity_charge', not both":
        "两部制电价只能有“demand_charge”或“capacity_charge”其一",
    "give either 'emission_factor' or 'region'": "“emission_factor”与“region”只能给出其一",
    "exported energy earns more than imported energy costs in {} periods, first at {}; the "
    "plant would trade in circles":
        "有 {} 个时段售电价高于购电价，首次在 {}；方案将循环买卖套利",
    "write one_direction: true (a slower plan), or change one of the two prices":
        "请写 'one_direction: true'（求解较慢），或修改其中一个价格",
    # assets/heat_pipe.py
    "the pipe begins and ends at '{}'; name two different nodes":
        "管道起止均为“{}”；请指定两个不同的节点",
    "'pump' draws electricity; give 'at', the node it draws from":
        "“pump”耗电；请给出“at”（取电的节点）",
    "it joins '{}', which carries {}, and '{}', which carries {}":
        "其一端“{}”承载 {}，另一端“{}”承载 {}",
    # assets/heat_pump.py
    "give 'supply', the temperature of its heat, or its 'cop'": "请给出“supply”（供热温度）或“cop”",
    "give 'source', the temperature of the heat at '{}'": "请给出“source”（节点“{}”处热量的温度）",
    "it lifts heat from '{}' to itself; name two different nodes":
        "其取热与供热均在“{}”；请指定两个不同的节点",
    "only outdoor air ices; leave out 'icing', or 'source'":
        "只有室外空气才会结霜；请去掉“icing”或“source”",
    # assets/home_fleet.py
    "give either 'homes', how many, or a 'table' of them":
        "“homes”（户数）与“table”（户表）只能给出其一",
    # assets/hydro_reservoir.py
    "the points of 'levels' must be ordered: more water, no lower level":
        "“levels”各点须有序：水量增加，水位不降",
    "the points of 'tail_water' must be ordered: more flow, no lower level":
        "“tail_water”各点须有序：流量增加，水位不降",
    "the lowest of 'levels' must be above the tail water of full turbines":
        "“levels”的最低水位须高于满发时的尾水位",
    # assets/line.py
    "the line begins and ends at '{}'; name two different nodes":
        "线路起止均为“{}”；请指定两个不同的节点",
    "'capex_length' is paid by the length; give 'length' too":
        "“capex_length”按长度计费；请同时给出“length”",
    # assets/navigation_complex.py
    "'head_water' less 'pond_range' must be above the lowest 'tail_water'":
        "“head_water”减“pond_range”须高于最低的“tail_water”",
    # assets/offtake.py
    "a promised 'amount' needs the price of missing it; give 'shortfall'":
        "约定“amount”须有违约价格；请给出“shortfall”",
    "a contract needs 'amount' or 'most'; give one of them": "合同须有“amount”或“most”；请给出其一",
    "'least' must be delivered; give 'unserved', the price of missing it":
        "“least”必须交付；请给出“unserved”（缺供价格）",
    "'most' {} is less than 'least' {}": "“most” {} 小于“least” {}",
    # assets/process.py
    "nothing asks it to run; give 'order', 'product' or 'price'":
        "没有让其运行的内容；请给出“order”“product”或“price”",
    "'order' and 'product' both dispose of what it makes; keep one of them (an order on a "
    "product is an offtake at its node)":
        "“order”与“product”都处置其产品；请只留其一（对产品的订单即其节点上的 'offtake'）",
    "{}: the node '{}' is in {}, not in {}": "{}：节点“{}”以 {} 计，不是 {}",
    "name another node, or write it under 'materials' or 'byproducts'":
        "请指定其他节点，或写在“materials”或“byproducts”下",
    "name another node, or write it under 'energy' or 'heat_given'":
        "请指定其他节点，或写在“energy”或“heat_given”下",
    # assets/pumped_storage.py
    "the works 'upper' hold the water; leave out 'upper_volume', 'hours' and 'levels'":
        "水存于工程“upper”；请去掉“upper_volume”“hours”与“levels”",
    "give one of 'upper_volume', 'hours' and 'levels', or works as 'upper'":
        "请给出“upper_volume”“hours”“levels”之一，或以工程作“upper”",
    "'upper' and 'lower' are both '{}'; name two works": "“upper”与“lower”均为“{}”；请指定两个工程",
    "the works 'lower' hold the water; leave out 'lower_volume'":
        "水存于工程“lower”；请去掉“lower_volume”",
    "the points of 'levels' must be ordered: more water, no lower head":
        "“levels”各点须有序：水量增加，水头不降",
    "the heads of 'levels' must be above 0": "“levels”的水头须大于 0",
    "'levels' is for basins of its own; leave out 'lower', or give 'upper_volume'":
        "“levels”用于自有水库；请去掉“lower”，或给出“upper_volume”",
    "'levels' needs a given 'turbine'; write one power, or 'upper_volume' for a range":
        "“levels”须有给定的“turbine”；请写一个功率，或用“upper_volume”给出范围",
    "'start' {} is more water than 'lower_volume' can hold": "“start” {} 超过“lower_volume”的容量",
    "write 'start' {} or less": "“start”应不大于 {}",
    "'{}' names '{}', no waterworks": "“{}”所指“{}”不是水利工程",
    "add a hydro_reservoir": "请添加 'hydro_reservoir'",
    "'{}' is joined to '{}' already": "“{}”已与“{}”相连",
    "join one pumped storage to each works": "每个水利工程只连接一个抽水蓄能",
    # assets/road.py
    "the road has no truck class '{}'": "该道路没有车型“{}”",
    "the road has no place '{}'": "该道路没有地点“{}”",
    "{} rises by {} %": "{} 的坡度为 {} %",
    "check its length, and the altitudes of it and its places":
        "请检查其长度，以及其与两端地点的高程",
    "put a swap station there": "请在此设换电站",
    # assets/roofs.py
    "the shares of 'faces' add up to {}; write shares that add up to 1":
        "“faces”各项之和为 {}；应合计为 1",
    "an 'uptake' of {} is more than all usable roofs; write 1 or less":
        "“uptake” {} 超过全部可用屋顶；应不大于 1",
    # assets/run_of_river.py
    "'head_water' must be above the lowest level of 'tail_water'":
        "“head_water”须高于“tail_water”的最低水位",
    # assets/service_area.py
    "there are 'chargers' but no cars: give 'traffic', or leave 'chargers' out":
        "有“chargers”而没有车：请给出“traffic”，或去掉“chargers”",
    "there is 'traffic' but nothing to charge at: give 'chargers', or leave it out":
        "有“traffic”而没有充电处：请给出“chargers”，或去掉“traffic”",
    # assets/ship_line.py
    "'swaps' names '{}', which is no box port of the plant": "“swaps”所指“{}”不是本电厂的换箱港",
    "add a box_port": "请添加 'box_port'",
    "give 'speed' and 'per_km', or 'displacement'": "请给出“speed”与“per_km”，或“displacement”",
    "give either 'displacement' or 'speed' and 'per_km', not both":
        "“displacement”与“speed”“per_km”不能并用",
    "'slowest' {} m/s is above 'fastest' {} m/s": "“slowest” {} m/s 大于“fastest” {} m/s",
    "'hotel' alone takes {} kWh/km at this 'speed', no less than 'per_km'; write less 'hotel'":
        "在此“speed”下仅“hotel”即需 {} kWh/km，不小于“per_km”；请减小“hotel”",
    "the last leg ends at '{}'; with returns: false it must end at home, '{}'":
        "末段终于“{}”；'returns: false' 时须终于始发港“{}”",
    "the legs come home already; write returns: false": "各段已返回始发港；请写 'returns: false'",
    "a leg ends where it begins; name the next port": "有航段起止相同；请指定下一港口",
    "'swaps' names '{}', which is not on the way: {}": "“swaps”所指“{}”不在航线上：{}",
    "'freight' is earned by the 'cargo' of the vessel; give it too, or leave out 'freight'":
        "“freight”按船舶的“cargo”计收；请补上“cargo”，或去掉“freight”",
    "its boxes ({}) are not those of the port '{}' ({})": "其电池箱（{}）与港口“{}”的（{}）不同",
    "write the same 'box' for both": "请为二者写相同的“box”",
    # assets/shore_power.py
    "give either 'calls' or 'load'": "“calls”与“load”只能给出其一",
    "'berths' limits 'calls'; a 'load' is what it is, so leave one of them out":
        "“berths”限制“calls”；“load”本身已定，请去掉其一",
    "'capex' and 'upkeep' are paid by the MW; give 'power' too":
        "“capex”与“upkeep”按 MW 计；请同时给出“power”",
    # assets/solar.py
    "the modules cost less than the skin they replace; write 'replaces' as much":
        "组件造价低于所替代的外墙；请把“replaces”写成相同金额",
    "give either 'capex' or 'cladding'": "“capex”与“cladding”只能给出其一",
    "modules on a {} do not track; leave 'tracking' out": "{} 上的组件不能跟踪；请去掉“tracking”",
    # assets/substitution.py
    "'{}' is no heating value; write one such as '23 MJ/kg' or '36 MJ/m3'":
        "“{}”不是热值；例如 '23 MJ/kg' 或 '36 MJ/m3'",
    "give either 'useful' or 'burnt'": "“useful”与“burnt”只能给出其一",
    "'shape' spreads 'burnt' over time; a series of 'useful' has its own":
        "“shape”把“burnt”分配到各时段；“useful”的序列自带形状",
    "give either 'fuel_price', or 'fuel_at' where a supply sells the fuel":
        "请给出“fuel_price”；若由供应资产售出燃料，则给出“fuel_at”",
    "with 'fuel_at' emissions are counted by the supply; give it the factor":
        "有“fuel_at”时排放由供应资产计算；请在其中给出排放因子",
    "a share of {} is more than all; write 100 % or less": "比例 {} 超过全部；应不大于 100 %",
    "{}: '{}' goes by the litre, and {} is no liquid": "{}：“{}”以升计，而 {} 不是液体",
    "{}: '{}' does not go with {}": "{}：“{}”与 {} 不相配",
    "write it by the m3 such as '{} {}'": "请按 m3 计，如“{} {}”",
    "write it by the t": "请按 t 计",
    "write it by the {} or by its energy (MWh, GJ, tce), or give 'heating_value' by {}":
        "请按 {} 或其能量（'MWh'、'GJ'、'tce'）计，或给出按 {} 的“heating_value”",
    "it burns {}, and the node '{}' carries {}": "其燃用 {}，而节点“{}”承载 {}",
    "name a node with carrier: {}": "请指定 'carrier: {}' 的节点",
    # assets/swap_station.py
    "{} swaps a day take longer than a day": "每天 {} 次换电所需时间超过一天",
    "write at most {}, or a shorter swap_time": "至多 {}，或缩短“swap_time”",
    "'{}' cannot be the name of a family": "“{}”不能用作电池包系列名称",
    "'{}' is no other family of this station": "“{}”不是本站的其他系列",
    "write a name without dots": "名称中不能有点",
    "leave it out": "请去掉",
    "no trucks come for its packs '{}'": "没有卡车为其电池包“{}”而来",
    "give them 'trucks', or name the station under 'stations' of a road":
        "请为其给出“trucks”，或在道路的“stations”下写上该站",
    # assets/synthesis.py
    "methanol is made from hydrogen and CO2; give 'co2', the node of CO2":
        "甲醇由氢与 CO2 制成；请给出“co2”（CO2 的节点）",
    "ammonia takes no CO2; leave out 'co2', or give 'co2_use'":
        "合成氨不用 CO2；请去掉“co2”，或给出“co2_use”",
    "the node '{}' counts {} in {}, not by its mass": "节点“{}”的 {} 以 {} 计，不是按质量",
    "{}: {} is less than the {} t/t that {} is made of": "{}：{} 小于理论值 {} t/t（产品为 {}）",
    "write {} or more, usually {}": "应不小于 {}，通常为 {}",
    # assets/tank.py
    "'compression' is paid at the node 'compressor'; give both or neither":
        "“compression”由节点“compressor”供电；请两者都给或都不给",
    # assets/thermal_store.py
    "give one of 'energy', 'hours' and 'volume'": "“energy”“hours”“volume”只能给出其一",
    "'hot' {} degC is not above 'cold' {} degC": "“hot” {} degC 不高于“cold” {} degC",
    "give 'loss' or 'tank_loss', not both": "“loss”与“tank_loss”只能给出其一",
    "'around' belongs to 'tank_loss'; give it too, or leave out 'around'":
        "“around”须与“tank_loss”并用；请补上，或去掉“around”",
    "'volume' is that of a tank of water, and the node '{}' carries {}":
        "“volume”为水罐容积，而节点“{}”承载 {}",
    "give 'energy' or 'hours'": "请给出“energy”或“hours”",
    "chilled water has no usual temperatures": "冷冻水没有默认温度",
    "give 'hot' and 'cold', such as 'hot: 14 degC' and 'cold: 6 degC'":
        "请给出“hot”与“cold”，例如 'hot: 14 degC' 与 'cold: 6 degC'",
    # assets/tunnel.py
    "the tunnel needs no power: give 'basic', 'entrance' or 'fans'":
        "隧道没有用电：请给出“basic”“entrance”或“fans”",
    # assets/village.py
    "write in 'income_from' of both which assets pay them, [] for none":
        "请在二者的“income_from”中写明由哪些资产付款，没有则写 []",
    "income from '{}' is already counted by the village '{}'": "“{}”的收益已由村庄“{}”计入",
    "collective: a load cannot be called '{}'": "“collective”：负荷不能命名为“{}”",
    "name it after what runs, such as 'pumps'": "请以用电设备命名，例如 'pumps'",
    # assets/waste_heat.py
    "it comes and leaves with {} degC; for one that condenses write 'to: {} degC', for one "
    "that boils 'to: {} degC'":
        "其进出温度均为 {} degC；冷凝请写 'to: {} degC'，沸腾请写 'to: {} degC'",
    "'return' {} degC is above 'supply' {} degC": "“return” {} degC 高于“supply” {} degC",
    "no stream is hot and nothing else heats; add one, or 'heated_by'":
        "没有热流股，也没有其他热源；请添加一个，或给出“heated_by”",
    "all streams are hot and nobody takes their heat; add 'feeds'":
        "所有流股均为热流股，而无人取热；请给出“feeds”",
    "'feeds' names '{}' twice; keep one of them": "“feeds”中“{}”重复；请保留其一",
    "'heated_by' names '{}' twice; keep the hotter, whose heat also serves colder streams":
        "“heated_by”中“{}”重复；请保留温度较高者，其热量也可供较冷流股",
    "a stream cannot be called '{}'; name it after where it comes from":
        "流股不能命名为“{}”；请以其来处命名",
    "feeding '{}' at {} degC takes heat of {} degC, and the hottest has {} degC; feed a "
    "node of a lower temperature and lift its heat by a heat_pump":
        "向“{}”供 {} degC 需要 {} degC 的热量，而最热者为 {} degC；请供给温度较低的节"
        "点，再以 'heat_pump' 升温",
}  # fmt: skip
"""What is said, and the same in Chinese."""

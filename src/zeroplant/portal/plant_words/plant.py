"""What can be wrong with a plant file as a whole, in Chinese; `{}` is a gap."""

from __future__ import annotations

from collections.abc import Mapping

PLANT: Mapping[str, str] = {
    # plant/across.py
    "write one of: {}": "可选：{}",
    "declare a node with carrier: {}": "请声明 'carrier: {}' 的节点",
    "declare a site with a climate under 'sites', or give 'availability'":
        "请在“sites”下声明带“climate”的厂址，或给出“availability”",
    # plant/alternatives.py
    "{} periods of all scenarios are more than {}": "所有情景合计 {} 个时段，超过上限 {}",
    "there is nothing uncertain in this plant": "该电厂没有不确定的内容",
    "write fewer scenarios or a longer 'step'": "请减少情景，或加大“step”",
    "add 'scenarios', or 'weather_years' above 1 under 'time'":
        "请添加“scenarios”，或令“time”下的“weather_years”大于 1",
    # plant/changes.py
    "write keys with dots between, such as assets.wind.power":
        "键之间用点连接，如 'assets.wind.power'",
    # plant/load.py
    "this folder has no plant.yaml": "该文件夹中没有 'plant.yaml'",
    "'zeroplant new county-base DIR' makes a plant to begin with":
        "可用 'zeroplant new county-base DIR' 新建",
    # plant/merge.py
    "only series (prices, loads, inflow, traffic) and weather can differ between scenarios, "
    "which share sizes and devices":
        "各情景共用容量与设备，只有序列（价格、负荷、来水、交通）与气象可以不同",
    "change a series such as assets.grid.import_price, or compare plants by a sweep":
        "请改动序列，如 'assets.grid.import_price'，或用参数扫描比较不同电厂",
    "'{}' lies elsewhere than '{}'": "“{}”与“{}”位置不同",
    "write the {} of the site": "请填写厂址的 {}",
    # plant/places.py
    "the wind of site '{}' is measured at another height in some scenarios":
        "部分情景中厂址“{}”的测风高度不同",
    "take all its weather from files, or from climates": "请全部采用气象文件，或全部采用气候",
    # plant/rehearsal.py
    "imported energy costs less than nothing in {} periods, in which the plan may burn "
    "energy by charging and discharging at once":
        "有 {} 个时段购电价格为负，方案可能同时充放电以消耗电能",
    "imported energy costs less than nothing in {} periods, in which the plan may burn "
    "energy by charging and discharging at once; one_direction: true forbids it (a slower plan)":
        "有 {} 个时段购电价格为负，方案可能同时充放电以消耗电能；写 'one_direction: tr"
        "ue' 可禁止（求解较慢）",
    # plant/scenarios.py
    "{} has no probability": "{} 没有概率",
    "give each scenario one, or none for equally likely scenarios":
        "请为每个情景给出概率；都不写则视为等概率",
    "the probabilities of the scenarios add up to {} %": "各情景概率之和为 {} %",
    "make them add up to 100 %": "请使其合计为 100 %",
    # plant/schema.py
    "did you mean '{}'?": "是否指“{}”？",
    "{} flows in {}, not in {}": "{} 的计量单位是 {}，不是 {}",
    "leave the unit out": "请去掉单位",
    # plant/site.py
    "a site with a weather file must say where it lies": "带气象文件的厂址须说明位置",
    "write 'latitude' and 'longitude'": "请填写“latitude”与“longitude”",
    # plant/time.py
    "the year {} is not between {} and {}": "年份 {} 不在 {} 至 {} 之间",
    "write a longer 'step', or fewer 'years' or 'weather_years'":
        "请加大“step”，或减少“years”“weather_years”",
    # waist/network.py
    "two {}s are named '{}'": "有两个名为“{1}”的 {0}",
    # waist/matrix.py
    "a coefficient of '{}' is not a number": "“{}”有系数不是数值",
    "a limit or inflow of '{}' is not a number": "“{}”有限值或流入不是数值",
    "a price or bound of '{}' is not a number": "“{}”有价格或界限不是数值",
    # files/atomic.py
    "cannot write {}: a file stands where a folder is needed":
        "无法写入 {}：需要文件夹之处已有文件",
    # files/syntax.py
    "remove it": "请删去",
    "write one after ':' or '-'": "请写在“:”或“-”之后",
    "this is not YAML ({})": "不是 YAML（“{}”）",
    "a word begins with '!'": "有词以“!”开头",
    "use single quotes or write '\\\\'": "请用单引号，或写 '\\\\'",
    # files/tree.py
    "a key must be text": "键须为文本",
    "a key is missing": "缺少键",
    "the tag {} is not allowed": "不允许标签 {}",
    "'<<' merges mappings only": "“<<”只合并键值映射",
    "write the value without it": "请写不带标签的值",
    "give it an alias of a mapping": "请用键值映射的别名",
    # units/capacity.py
    "a size range has a bound that is not a number": "容量范围的界限不是数值",
    # units/registry.py
    "give values in {}": "请以 {} 给出数值",
    # units/carried.py
    "write more": "请写更大的值",
}  # fmt: skip
"""What is said, and the same in Chinese."""

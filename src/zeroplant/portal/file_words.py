"""What is wrong with a plant file, in Chinese: the sentences of its reader.

They are those of `zeroplant.files`, `zeroplant.units`, `zeroplant.plant` and `zeroplant.series`,
which write English. What single kinds of assets say of themselves stays English, and so do keys,
values and places of the file, which nobody translates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

QUANTITIES: Mapping[str, str] = {
    "a power": "功率",
    "an energy": "能量",
    "a time": "时间",
    "a length": "长度",
    "an area": "面积",
    "a volume": "体积",
    "a speed": "速度",
    "a water flow": "流量",
    "a mass": "质量",
    "a mass flow": "质量流量",
    "an emission": "排放量",
    "an emission factor": "排放因子",
    "an amount of money": "金额",
    "a price of energy": "电能价格",
    "a price of power": "单位功率价格",
    "a price of power per year": "单位功率年价格",
    "a price of power per month": "单位功率月价格",
    "a carbon price": "碳价",
    "an amount of money per year": "年金额",
    "a price of mass": "单位质量价格",
    "a price of volume": "单位体积价格",
    "a temperature": "温度",
    "an angle": "角度",
    "a pressure": "压力",
    "a voltage": "电压",
    "a resistance": "电阻",
    "an irradiance": "辐照度",
    "a plain number": "纯数值",
    "a rate per year": "年变化率",
    "a rate per kelvin": "每开尔文变化率",
    "a temperature difference": "温差",
    "a rate per length": "单位长度比率",
    "a rate per hour": "小时变化率",
    "an energy per mass": "单位质量能耗",
    "a heat loss per volume and kelvin": "单位体积温差散热",
}
"""What units measure, as `zeroplant.units.text.KINDS` calls it."""

FORMS: Mapping[str, str] = {
    "text": "文本",
    "true or false": "true 或 false",
    "a number": "数值",
    "a finite number": "有限数值",
    "a whole number": "整数",
    "a list": "列表",
    "a mapping": "键值映射",
    "a time": "时间",
    "a date": "日期",
}
"""What stands in a file, as `zeroplant.files.validation` calls it."""

_KNOWN = {**FORMS, **QUANTITIES}
_ANY = "|".join(sorted(map(re.escape, _KNOWN), key=len, reverse=True))
_HERE = r"(?=[;,.]|$)"


def _other(found: re.Match[str]) -> str:
    """Of what is not what it should be, and perhaps what it is."""
    *given, wanted = (_KNOWN[each] for each in found.groups() if each)
    return f"是{given[0]}，不是{wanted}" if given else f"不是{wanted}"


SENTENCES: Mapping[str, str | Callable[[re.Match[str]], str]] = {
    # Whether the file can be read at all.
    r"\bthis folder has no plant\.yaml": "该文件夹中没有 plant.yaml",
    r"\b'zeroplant new county-base DIR' makes a plant to begin with":
        "可用 'zeroplant new county-base DIR' 新建",
    r"\bname the plant file itself": "请指定电厂文件本身",
    r"\bno such file\b(?! or)": "文件不存在",
    r"\bthis is a folder": "这是文件夹",
    r"\bname the file in it, such as plant\.yaml": "请指定其中的文件，如 plant.yaml",
    r"\bthe file is not UTF-8 text": "文件不是 UTF-8 文本",
    r"\bsave it as UTF-8": "请另存为 UTF-8",
    r"\bthe file is larger than 4 MB": "文件大于 4 MB",
    r"\bkeep time series in files of their own": "时间序列请存为单独的文件",
    r"\bthe file is empty": "文件为空",
    r"\bcannot be read: ": "无法读取：",
    # Whether it is YAML.
    r"\bthe file is not YAML": "文件不是 YAML",
    r"\bthis is not YAML": "不是 YAML",
    r"\ba ':' where none is expected": "此处不应有“:”",
    r"\bcheck the indentation, and put text with ': ' in it in quotes":
        "请检查缩进；含“: ”的文本请加引号",
    r"\ba line without a value": "此行没有值",
    r"\bwrite it as 'key: value'": "应写成 'key: value'",
    r"\bthis line does not fit the ones above": "此行与上文不符",
    r"\bthis line does not fit the list above": "此行与上面的列表不符",
    r"\bcheck its indentation, and that no '- ' or closing bracket is missing":
        "请检查缩进，以及是否缺“- ”或右括号",
    r"\bcheck its indentation, or begin it with '- '": "请检查缩进，或以“- ”开头",
    r"\bcheck (?:its|the) indentation": "请检查缩进",
    r"\ba list in brackets is not closed": "方括号列表未闭合",
    r"\ba mapping in braces is not closed": "花括号映射未闭合",
    r"\ba quoted text is not closed": "引号未闭合",
    r"\badd the closing quote": "请补上右引号",
    r"\badd ','(?: or |、)'([\]}])'": r"请补“,”或“\1”",
    r"\ba value is missing": "缺少值",
    r"\bwrite one after ':' or '-'": "请写在“:”或“-”之后",
    r"\ba '- ' where no list is expected": "此处不应有列表项“- ”",
    r"\bbegin the list on a line of its own": "列表请另起一行",
    r"\ba key where none is expected": "此处不应有键",
    r"\ba backslash in a quoted text": "引号内有反斜杠",
    r"\bput it in quotes if it is meant as text": "若为文本请加引号",
    r"\bput it in quotes": "请加引号",
    r"\ba tab in the indentation": "缩进中有制表符",
    r"\bindent with spaces": "请用空格缩进",
    r"\ba value begins with '([^']*)'": r"值以“\1”开头",
    r"\ba control character stands in the text": "文本中有控制字符",
    r"\bthe key '([^']*)' stands here a second time \(first on line (\d+)\)":
        r"键“\1”重复（首次在第 \2 行）",
    r"\bkeep one of them": "请保留其一",
    r"\bmore than (\d+) levels of nesting": r"嵌套超过 \1 层",
    r"\ba second document starts here": "此处开始了第二个文档",
    # Whether its keys and values are those of a plant.
    r"\bunknown key '([^']*)'": r"未知的键“\1”",
    r"\bunknown zone '([^']*)'": r"未知的时区“\1”",
    r"\bunknown (\w+) '([^']*)'": r"未知的 \1“\2”",
    r"\bknown(?: here)?: ": "可用：",
    r"\bthe key '([^']*)' is missing": r"缺少键“\1”",
    r"\bthe key '([^']*)' does not go with the others here": r"键“\1”不能与此处其他键并用",
    r"\badd it: .*$": "请补上",
    r"\bremove one\b": "请删去一个",
    r"\bnothing stands here": "此处为空",
    r"\bwrite something": "请填写",
    r"\bnothing (?=is not\b)": "空值",
    r"\ba list (?=is not\b)": "列表",
    r"\ba mapping (?=is not\b)": "键值映射",
    rf"\bis ({_ANY}), not ({_ANY}){_HERE}": _other,
    rf"(?<![a-z])is not ({_ANY}){_HERE}": _other,
    rf"(?<=') is ({_ANY}){_HERE}": lambda found: f"是{_KNOWN[found[1]]}",
    r"\bis not allowed": "不允许",
    r"\bit should be ": "应为 ",
    r"\bwrite true or false": "请写 true 或 false",
    r"\bwrite a plain number": "请写数值",
    r"\bwrite its members on lines that begin with '- '": "每项另起一行并以“- ”开头",
    r"\bwrite 'key: value' on the lines below it": "请在其下各行写 'key: value'",
    r"\bwrite it as (\S+)": r"应写成 \1",
    r"\bwrite one such as ": "例如 ",
    r"\bwrite it with its unit, such as ": "请带单位，例如 ",
    r"(?<='), (?=')": "、",
    r"\bwrite an? [^;']{1,60}? such as (?=')": "例如 ",
    r"\bhas no unit": "没有单位",
    r"\bhas separators inside the number": "数字中有分隔符",
    r"'([^\s']+)' is not a unit": r"“\1”不是单位",
    r"'([^']*)' is not the plant's currency, (\w+)": r"“\1”不是电厂的货币 \2",
    r"\bwrite the amount in (\w+)": r"请以 \1 计",
    r"\bdoes not measure the same as ": "与其量纲不同：",
    r"\bis above (\S+); write a share from 0 to 1, or with its sign as ":
        r"大于 \1；应为 0 至 1 的比例，或带百分号写成 ",
    r", or with its sign as ": "，或带百分号写成 ",
    r"\bwrite (?='[^']*'$)": "应写成 ",
    r"\bmin (\S+) is above max (\S+)": r"min \1 大于 max \2",
    r"\bmin (\S+) is negative": r"min \1 为负",
    r"\ba step of (\S+) leads nowhere": r"步长 \1 无效",
    r"\bno whole number of steps of (\S+) lies between min and max":
        r"min 与 max 之间容不下整数个步长 \1",
    r"\bwiden the range or write a smaller step": "请放宽范围或减小步长",
    r"\bwrite a step above 0 or leave it out": "步长应大于 0，或不写",
    r"\bwrite min, max and step in one unit": "min、max 与 step 请用同一单位",
    r"\bexchange the two": "请对调",
    r"\bwrite 0 or more": "应不小于 0",
    r"\bwrite more than ([^;]{1,60})": r"应大于 \1",
    r"\bwrite less than ([^;]{1,60})": r"应小于 \1",
    r"\bwrite ([^;]{1,60}?) or less$": r"应不大于 \1",
    r"(?<![\w, -] )(?<![\w-])take (?=[\w, -]+$)": "可选：",
    # Whether its parts fit each other.
    r"'([^']*)' cannot be a name": r"“\1”不能用作名称",
    r"\ba name of (\d+) characters is too long": r"名称长达 \1 个字符",
    r"\bwrite at most (\d+)": r"至多 \1",
    r"\buse letters, digits, spaces, '-' and '_', and begin with a letter or a digit":
        "请用字母、数字、空格、'-' 与 '_'，并以字母或数字开头",
    r"\bthere is no (?:asset) '([^']*)'": r"没有资产“\1”",
    r"\bthere is no (?:node) '([^']*)'": r"没有节点“\1”",
    r"\bthere is no (?:site) '([^']*)'": r"没有厂址“\1”",
    r"\bthere is no (?:carrier) '([^']*)'": r"没有能源类型“\1”",
    r"\bthere is no (?:currency) '([^']*)'": r"没有货币“\1”",
    r"\bthere is no (?:climate) '([^']*)'": r"没有气候“\1”",
    r"\bthere is no (?:rule pack) '([^']*)'": r"没有规则包“\1”",
    r"\bthere is no (?:file) '([^']*)'": r"没有文件“\1”",
    r"\bthere is no such place in the plant file": "电厂文件中没有此处",
    r"\bdeclare it under '(\w+)'": r"请在“\1”下声明",
    r"\bdeclare a node with carrier: ([^;]+)": r"请声明 carrier 为 \1 的节点",
    r"\bthe node '([^']*)' carries ([^;]{1,60}?), not ([^;]{1,60}?)(?=;|$)":
        r"节点“\1”承载 \2，而非 \3",
    r"\bname two different nodes": "请指定两个不同的节点",
    r"\bname two nodes of the same carrier": "请指定同一能源类型的两个节点",
    r"\bno asset is connected to this node": "没有资产接入该节点",
    r"\bnothing feeds this node, so all that is drawn from it will be unserved":
        "该节点没有电源，所有用能都将缺供",
    r"\bno asset uses the weather of this site": "没有资产使用该厂址的气象",
    r"\bit needs weather, and the plant has no site": "该资产需要气象，而电厂没有厂址",
    r"\bdeclare a site with a climate under 'sites', or give 'availability'":
        "请在“sites”下声明带 climate 的厂址，或给出“availability”",
    r"\bthe site has no weather": "该厂址没有气象",
    r"\bwrite a 'climate', or 'weather' with a file": "请写“climate”，或带文件的“weather”",
    r"'(\w+)' and '(\w+)' both say [^;]*": r"“\1”与“\2”重复规定",
    r"\bleave one of them out": "请去掉其一",
    r"\bthe rule pack '([^']*)' stands here a second time": r"规则包“\1”重复",
    r"'([^']*)' is not a date": r"“\1”不是日期",
    r"(?<!\d)(\d+) periods are more than (\d+)": r"\1 个时段超过上限 \2",
    r"\bwrite a longer 'step', or fewer 'years' or 'weather_years'":
        "请加大“step”，或减少“years”“weather_years”",
    # Whether its series can be used.
    r"\bno generator is called '([^']*)'": r"没有名为“\1”的序列生成器",
    r"\bno column '([^']*)'": r"没有列“\1”",
    r"\bno time column '([^']*)'": r"没有时间列“\1”",
    r"\bthe file has no rows": "文件没有数据行",
    r"\bgive one for each period": "每个时段须有一行",
    r"\bthere are: ": "可用：",
    r"\bpaths start at the plant file's folder": "路径以电厂文件所在文件夹为起点",
    r"\bwrite a number in each row": "每行须为数值",
    r"\bgive a file or a number": "请给出文件或数值",
    r"\ba list of numbers": "数值列表",
    r"\bput the series in a file": "请把序列存为文件",
    # What is put into them.
    r"(?<=按 )volume (?=的)": "体积",
    r"(?<=按 )mass (?=的)": "质量",
    r"\bgas is counted by its lower heating value: 1 m3 of natural gas is (\S+ kWh)":
        r"燃气按低位热值计：1 m3 天然气为 \1",
    r"\bcoal is counted by its heating value: 1 t of coal of 5500 kcal/kg is (\S+ MWh), and "
    r"prices may be written per tce":
        r"煤按热值计：1 t 5500 kcal/kg 煤为 \1，价格也可按 'tce' 计",
    r"\bdiesel is counted by its heating value: 1 t is (\S+ MWh), 1 L is (\S+ kWh)":
        r"柴油按热值计：1 t 为 \1，1 L 为 \2",
    r"\bbiomass is counted by its heating value: 1 t is about (\S+ MWh)":
        r"生物质按热值计：1 t 约为 \1",
    r"\b1 kg of hydrogen is (\S+ kWh) by its lower heating value and (\S+ Nm3)":
        r"1 kg 氢按低位热值为 \1，体积为 \2",
    r"\b1 m3 of water is 1 t\b": "1 m3 水为 1 t",
    r", the first of (\d+)": r"（共 \1 处，此为首处）",
    r"(?<=缺 )(\d+) hours?\b": r"\1 小时",
    r"(?<=缺 )(\d+) days?\b": r"\1 天",
    r"(?<=重复 )(\d+) days?\b": r"\1 天",
    r"(?<=缺 )(\d+) periods? of (\d+ \w+)": r"\1 个时段（步长 \2）",
    r"(?<=无法行驶：)from '([^']*)' and back to it": r"从“\1”出发并返回",
    r"(?<=无法行驶：)from '([^']*)' to '([^']*)'": r"从“\1”到“\2”",
    r": the pack is at its reserve between '([^']*)' and '([^']*)'":
        r"，电池包在“\1”与“\2”之间已至备用下限",
    r"(?<=') and (?=')": "与",
}  # fmt: skip
"""Patterns of what is written, and the same in Chinese."""

JOINED: Mapping[str, str] = {
    r"[;] (?=[\u4e00-\u9fff“])": "；",
    r"(?<=[\u4e00-\u9fff”])[;] ": "；",
    r"[:] (?=[\u4e00-\u9fff“])": "：",
    r"(?<=') (?=[不是没有])": "",
}
"""How the parts of a sentence are joined in Chinese; for what is Chinese by now."""

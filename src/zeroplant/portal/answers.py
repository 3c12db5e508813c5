"""What controller, planner, links and this service write in English, in Chinese for people.

They write one language, for logs and other systems; pages read both. Sentences of plant files are
in `zeroplant.portal.plant_words`, and parts of such in `zeroplant.portal.file_words`; those here
are of
`zeroplant.operate` (inbox, wish, planner_process, scheduler, forecaster, commitments, loop),
`zeroplant.links`, of this package where it refuses something, and of the operating system where it
refuses a file. They are turned wherever they stand, for they are put into each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from zeroplant.plan.report.names import Names
from zeroplant.plan.report.text import Text, same
from zeroplant.portal import file_words
from zeroplant.portal.plant_words import told_of_plant
from zeroplant.portal.rule_words import rule_told

RIGHTS: Mapping[str, str] = {"see": "查看", "operate": "运行", "plan": "规划", "manage": "用户管理"}
"""What can be allowed."""

WEATHER: Mapping[str, str] = {
    "ghi": "水平面总辐照度",
    "dni": "法向直射辐照度",
    "dhi": "水平面散射辐照度",
    "temp_air": "气温",
    "wind_speed": "风速",
}
"""What weather is forecast."""

SENTENCES: Mapping[str, str | Callable[[re.Match[str]], str]] = {
    # Why a plant as it is written, or moved, has no plan.
    r"\bthe plant has no answer, though its linear relaxation has one: whole numbers clash":
        "方案无解：线性松弛有解，但整数条件相互矛盾",
    r"\bthe plant has no answer: ": "方案无解：",
    r"\bthe least of size '([^']*)' is above its most": r"“\1”的最小容量大于其最大容量",
    r"\bthe least of rule '([^']*)' at ([\d: -]+\d) is above its most":
        r"约束“\1”在 \2 的下限大于上限",
    r"\bthe least of rule '([^']*)' is above its most": r"约束“\1”的下限大于上限",
    r"\bthe plant has no answer; what stands in the way was not found in the time left":
        "方案无解；未能在限时内查明原因",
    r"\bthe floor of '([^']*)' is above its cap at ([\d: -]+\d)": r"“\1”在 \2 的下限大于上限",
    r"\bbalance of '([^']*)' at ([\d: -]+\d)": r"“\1”在 \2 的平衡",
    r"\blevel of '([^']*)' at ([\d: -]+\d)": r"“\1”在 \2 的库存",
    r"\bfloor of '([^']*)' at ([\d: -]+\d)": r"“\1”在 \2 的下限",
    r"\bcap of '([^']*)' at ([\d: -]+\d)": r"“\1”在 \2 的上限",
    r"\brule '([^']*)' at ([\d: -]+\d)": r"约束“\1”（\2）",
    r"\brule '([^']*)'(?= is off)": r"约束“\1”",
    r" is off by ([\d.e+-]+)": r"相差 \1",
    r"\bthe plant earns without limit: (.{1,200}?) pays and has no cap; give it a cap or a cost":
        r"收益无上限：\1 有收益而无上限；请设上限或成本",
    r"\b\w+ found no answer within (\S+) s; give it a later deadline": r"\1 s 内未求得方案",
    r"\b\w+ found no answer$": "未求得方案",
    r"\bthe planner ended without an answer; try again": "计划程序意外退出；请重试",
    r"\bthere is nothing to be moved\b": "此项不可调整",
    r"\bthis is a number of the plant file; write one\b": "此项为电厂文件中的数值，请输入数值",
    r"(?<![\d.e+-])([\d.e+-]+ \S+) is out of its range; write (\S+) to (\S+)(?= |$)":
        r"\1 超出范围；应为 \2 至 \3",
    r"\bis not above ([^;]{1,60}); write more than ([^;]{1,60})": r"应大于 \1",
    r"\bis below ([^;]{1,60}); write ([^;]{1,60}?) or more": r"小于 \1；应不小于 \2",
    r"\bis not below ([^;]{1,60}); write less than ([^;]{1,60})": r"应小于 \1",
    r"\bis above ([^;]{1,60}); write ([^;]{1,60}?) or less": r"大于 \1；应不大于 \2",
    # What the controller answers to a wish.
    r"there is no alarm '(.{1,200}?)'; write it as 'code: what it is about'": r"没有告警“\1”",
    r"no order '(.{1,200}?)' stands; write the name of its file without \.json":
        r"指令“\1”不在执行中",
    r"it has lapsed already; write an 'until' that is still to come": "已失效：其结束时间已过",
    r"no flow that can be set is called '(.{1,200}?)'; write one such as battery\.charge":
        r"没有可设定的量“\1”",
    r"withdrawn by (.*)$": r"由 \1 撤回",
    r"^.*nobody signs for it.*$": "缺少申请人",
    r"^.*it ends before it starts.*$": "结束时间早于开始时间",
    r" \(approved by ([^)]*)\)": r"（\1 批准）",
    # What devices and links answer.
    r"\blost: ": "未送达：",
    r"\b(?:Connection(?:\w*)Error|OSError): ": "连接错误：",
    r"\bTimeoutError: ": "超时：",
    r"\bnobody answers at (\S+)": r"\1 无应答",
    r"\bnot connected\b": "未连接",
    r"\bno answer in time\b": "未按时应答",
    r"\bno answer\b": "无应答",
    r"\bno such point\b": "无此测点",
    r"\bit stands\b": "设定值已在执行",
    r"\ba meter\b": "仅为计量点",
    r"\btoo soon after the last change\b": "距上次修改时间过短",
    r"^busy$": "设备忙",
    r"\bmore than (\d+) points\b": r"超过 \1 个测点",
    # What OCPP calls the state of a slot or connector.
    r"^Available$": "空闲",
    r"^Preparing$": "准备中",
    r"^Charging$": "充电中",
    r"^SuspendedEVS?E?$": "已暂停",
    r"^Finishing$": "结束中",
    r"^Occupied$": "占用",
    r"^Reserved$": "已预约",
    r"^Unavailable$": "停用",
    r"^Faulted$": "故障",
    # What planner and forecaster say.
    r"\bthe plant's year is not solved yet\b": "年度计划尚未求解",
    r"\bthe deadline has passed\b": "已到求解时限",
    r"\bthe planner rests for (\S+) s after a failure\b": r"计划程序出错后暂停 \1 s",
    r"\bthe planner did not answer within (\S+) s\b": r"计划程序 \1 s 内无应答",
    r"\bthe planner's answer is unsound: ": "计划结果有误：",
    r"\bthe planner was not ready within (\S+) s\b": r"计划程序 \1 s 内未就绪",
    r"\bthe planner did not say that it is ready\b": "计划程序未报告就绪",
    r"\bthe planner is not there\b": "计划程序不在运行",
    r"\bthe planner ended with (?:signal|code) (\d+)": r"计划程序已退出（代码 \1）",
    r"\bweather forecast of (\w+) missing for (\d+) of (\d+) steps":
        lambda found: f"{WEATHER.get(found[1], found[1])}的气象预报缺 {found[2]}/{found[3]} 个时段",
    r"(?<=个时段), ": "，",
    r"\bnothing has been learnt yet\b": "尚无学习样本",
    r"\bmeasured for less than two days: expected as the plant file has it\b":
        "实测不足两天，按电厂文件取值",
    r"\bforecast by blend\b": "加权平均法预测",
    r"\bforecast by like days\b": "相似日法预测",
    r"\bplan before: most\b": "上一份计划：上限",
    r"\bplan before: least\b": "上一份计划：下限",
    r"\bplan before\b": "上一份计划",
    r"\b(person|dispatch centre|contract): (target|most export|least export|device) "
    r"(\([\d: -]+\))": r"\1·\2\3",
    r"(?<=[“ ])person·|^person·": "运行人员·",
    r"(?<=[“ ])dispatch centre·|^dispatch centre·": "调度中心·",
    r"(?<=[“ ])contract·|^contract·": "合同·",
    r"·target(?=\()": "·净上网目标",
    r"·most export(?=\()": "·净上网上限",
    r"·least export(?=\()": "·净上网下限",
    r"·device(?=\()": "·设备功率",
    r"(?<=\)): least\b": "：下限",
    r"(?<=\)): most\b": "：上限",
    r"^like days$": "相似日法",
    r"^schedule$": "计划曲线",
    r"^none$": "无",
    r"\bit holds no whole minute\b": "不足一整分钟",
    # What the system says of files.
    r"\bfiles: (?=cannot)": "文件：",
    r"\bcannot write (?:in )?(\S+?): ": r"无法写入 \1：",
    r"\bcannot read (\S+?): ": r"无法读取 \1：",
    r"\bno such file or directory\b": "文件或目录不存在",
    r"\bno space left on device\b": "磁盘已满",
    r"\bpermission denied\b": "无权限",
    r"\bread-only file system\b": "文件系统只读",
    # What this service refuses.
    r"^password: the password has (\d+) characters": r"密码有 \1 个字符",
    r"; write (\d+) to (\d+) characters; several words are easy to remember":
        r"；请输入 \1 至 \2 个字符，几个词的组合便于记忆",
    r"^password: the password is easy to guess": "密码过于简单",
    r"^password: the password has your name in it": "密码包含用户名",
    r"^password: the new password is the old one": "新密码与旧密码相同",
    r"^name: there is a '(.*)' already$": r"用户“\1”已存在",
    r"^name: '(.*)' reads like '(.*)', whom there is already$": r"“\1”与已有用户“\2”难以区分",
    r"^name: '(.*)' has letters of several scripts; write it in one$":
        r"“\1”混用了多种文字的字母；请只用一种",
    r"^name: '(.*)' cannot be a name; write letters, digits, \. - @, at most (\d+)$":
        r"“\1”不能用作用户名；请使用字母、数字、. - @，至多 \2 个字符",
    r"^place: the plant has no '(.*?)'": r"电厂没有“\1”",
    r"; did you mean '([^']*)'\?": r"；是否指“\1”？",
    r"; write one of: ": "；可选：",
    r"^nobody would be left to manage people; make somebody else admin first$":
        "将无人管理用户；请先指定其他管理员",
    r"^role: you may not do there what the role (\w+) allows; choose a smaller role or place$":
        r"您在该范围内没有角色 \1 的权限；请选择更小的角色或范围",
    r"^this needs the right to (\w+) (?:at (.+)|the whole plant)$":
        lambda found: f"需要{RIGHTS[found[1]]}权限：{found[2] or '全厂'}",
    r"^this needs the right to (\w+)$": lambda found: f"需要{RIGHTS[found[1]]}权限",
    r"^you have (\d+) set-points that are not decided; take some back, or wait$":
        r"您有 \1 个未决设定值；请收回部分或稍候",
    r"^first: these days cannot be reported; write at most (\d+) days, the first before the last$":
        r"日期无效：至多 \1 天，且起始日不晚于结束日",
    r"^first: these days are still to come; write earlier ones$": "所选日期尚未到来",
    r"^it took longer than (\d+) minutes; ask for fewer days$": r"超过 \1 分钟；请减少天数",
    r"^too many plans wait already$": "排队的规划任务过多",
    r"^too many wait already$": "排队任务过多",
    r"^the service ended meanwhile$": "服务已中断",
    r"^this form is not ours or too old; load the page again$": "页面已过期，请重新加载",
    r"^there is no such alarm any more$": "该告警已不存在",
    r"^days: a token cannot last (\S+) days": r"令牌有效期不能为 \1 天",
    r"^name: a token needs a name; say what it is for$": "令牌须有名称：请说明用途",
    r"^a token cannot do this; log in$": "令牌不能用于此操作；请登录",
    r"^log in, or send a token$": "请登录，或提供令牌",
    r"^nobody approves their own set-point$": "不能批准自己的设定值",
    r"^(?:start|end): there is no day before this (?:start|end)$": "日期超出日历范围",
    r"^start: the start is not before the end$": "开始不早于结束",
    r"^start, end: the span is none, or longer than 3 days$": "时段为空，或超过 3 天",
    r"^step: too many steps; ": "时段过多；",
    r"^it was decided already, is too late, or the plant has changed$":
        "已有决定、已逾时，或电厂状态已变化",
    r"^nothing was measured today yet$": "今日尚无实测数据",
    r"^nothing was known yet then$": "该时刻尚无记录",
    r"^the plant has not been seen yet; start its controller$": "尚无电厂数据；请启动控制器",
    r"^there is no schedule yet$": "尚无运行计划",
    r"^there is no such file$": "没有此文件",
    r"^there is no such forecast; see (\S+)$": r"没有此预测；见 \1",
    r"^there is no such order to withdraw$": "没有可撤回的此指令",
    r"^there is no such page$": "没有此页面",
    r"^there is no such person$": "没有此用户",
    r"^there is no such set-point$": "没有此设定值",
    r"^there is no such token of yours$": "您没有此令牌",
    r"^there is no asset (.*)$": r"没有资产“\1”",
    r"^there is no point (.*); see (\S+)$": r"没有测点“\1”；见 \2",
    r"^there is no group (.*); write (.*)$": r"没有分组 \1；可选：\2",
    r"^others wait for a replay already$": "已有他人在等待回放",
    r"^the table of people cannot be read$": "无法读取用户表",
    r"^too many pages follow live$": "实时页面过多",
    r"^too many read already$": "正在读取的请求过多",
    r"^the service failed here; its log says why$": "服务在此出错；详见日志",
    # What the framework says of a form.
    r"\bField required$": "必填",
    r"\bInput should be a valid (?:integer|number)(?:, .*)?$": "应为数值",
    r"\bInput should be a finite number$": "应为有限数值",
    r"\bInput should be a valid (?:date|datetime)\b.*$": "应为有效的日期时间",
    r"\bInput should have timezone info$": "应带时区",
    r"\bInput should be greater than or equal to (\S+)$": r"应不小于 \1",
    r"\bInput should be less than or equal to (\S+)$": r"应不大于 \1",
    r"\bInput should be greater than (\S+)$": r"应大于 \1",
    r"\bInput should be less than (\S+)$": r"应小于 \1",
    r"\bInput should be (?=')": "应为：",
    r"(?<=') or (?=')": "、",
    r"\bString should have at least (\d+) characters?$": r"至少 \1 个字符",
    r"\bString should have at most (\d+) characters?$": r"至多 \1 个字符",
    r"\bString should match pattern .*$": "格式不符",
    r"\bValue error, an alarm is shelved with a reason: who knows of it, what is done":
        "搁置告警须说明原因：谁知情、采取了什么措施",
}  # fmt: skip
"""Patterns of what is written, and the same in Chinese with what stands in the gaps."""


LONGEST = 1000
"""Characters of a text that is turned: what is longer is none of ours, or a list nobody reads."""
KEPT = 1024
"""Texts that are kept with what they were turned into."""
_QUOTED = re.compile(r"(?<=')[^']+(?=')|(?<=“)[^“”]+(?=”)")
"""Names stand in quotes where they are put into a sentence."""


def answer_told(said: object, names: Names | None = None) -> Text:
    """What was written in English in both languages; as it was where no words are known for it.

    ``names`` are the plant's: a flow or point that is quoted is called as it is on the pages.
    """
    text = str(said or "")
    if len(text) > LONGEST:
        return same(text)
    known = names or Names()
    return Text(_named(text, known).en, _named(chinese(text), known).zh)


def _named(text: str, names: Names) -> Text:
    """A text with the names that are quoted in it as they are called."""

    def called(found: re.Match[str]) -> Text:
        return rule_told(found[0], names) if names.knows(found[0]) else same(found[0])

    return Text(
        _QUOTED.sub(lambda found: called(found).en, text),
        _QUOTED.sub(lambda found: called(found).zh, text),
    )


_PATTERNS = [
    (re.compile(pattern, re.DOTALL), words)
    for sentences in (SENTENCES, file_words.SENTENCES, file_words.JOINED)
    for pattern, words in sentences.items()
]
"""Compiled once: they are more than `re` keeps."""


def chinese(text: str) -> str:
    """A text with every English sentence in it that is known turned into Chinese.

    One of more than `LONGEST` characters stays as it is: strangers choose what a refusal repeats.
    """
    return _turned(text) if len(text) <= LONGEST else text


@lru_cache(maxsize=KEPT)
def _turned(text: str) -> str:
    text = told_of_plant(text)
    for pattern, words in _PATTERNS:
        text = pattern.sub(words, text)
    return text

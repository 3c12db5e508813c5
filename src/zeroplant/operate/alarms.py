"""Alarms: what is wrong, why, and what to do, in English and Chinese; and who has seen it.

An alarm is raised when its condition begins and cleared when it ends; between, a person may
acknowledge it or shelve it for a while. It stays on the list until it is both cleared and
acknowledged, so that nothing that happened at night is missed in the morning. What changes while it
lasts (a figure, the words of an error) is its detail: it tells no new alarm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

Severity = Literal["critical", "major", "minor"]
Change = Literal["raised", "cleared", "acknowledged", "shelved", "unshelved"]
Condition = tuple[str, str] | tuple[str, str, str]
"""What is wrong: code, what it is about, and a detail that may change while it lasts."""
LIMIT = 1000
"""Alarms held at most: the ones that were cleared first go, seen or not."""


@dataclass(frozen=True)
class Meaning:
    """What an alarm of a kind says: severity, cause and remedy, in English and Chinese."""

    severity: Severity
    cause: str
    remedy: str
    cause_zh: str
    remedy_zh: str


MEANINGS: dict[str, Meaning] = {
    "silent": Meaning(
        "major",
        "{key} has not been heard of in time; its last value is kept, the meter says the rest",
        "check the device's power supply and its connection",
        "{key} 未按时上送数据；保留最后值，差额由上级电表推算",
        "检查设备电源与通信连接",
    ),
    "frozen": Meaning(
        "major",
        "{key} reports the same value to the last digit while the balance around it moves",
        "restart the device's gateway; compare with a hand-held meter",
        "{key} 上送值长时间不变，而所在节点功率不平衡",
        "重启设备网关；用手持表核对",
    ),
    "outside": Meaning(
        "major",
        "{key} reports a value outside of its limits; it is not used",
        "check scaling and sign in the device's template",
        "{key} 上送值超出量程；不予采用",
        "检查设备模板中的系数与方向",
    ),
    "not following": Meaning(
        "major",
        "{key} accepts set-points but its power does not follow; others make up for it",
        "check local/remote switch and the device's own limits; it is tried again by itself",
        "{key} 已确认指令但功率不跟随；由其他设备补偿",
        "检查就地/远方把手及设备自身限值；系统会自动重试",
    ),
    "meter disagrees": Meaning(
        "major",
        "the meters at {key} do not add up",
        "check the current transformers and the wiring of the newest meter",
        "{key} 各电表读数不平衡",
        "检查互感器及新装电表接线",
    ),
    "target missed": Meaning(
        "minor",
        "the target of the plant cannot be reached with what is available",
        "look which devices are at their limits; ask for another target",
        "可用资源不足，无法达到全厂目标",
        "查看已到限的设备；申请调整目标",
    ),
    "connection over": Meaning(
        "critical",
        "connection {key} stays over its limit after everything was cut",
        "shed load or generation by hand",
        "并网点 {key} 在削减后仍超限",
        "人工切除负荷或电源",
    ),
    "load shed": Meaning(
        "major",
        "load is shed by command ({key}): nothing else keeps the connection within its limit",
        "look what holds generation and stores back; load comes back by itself once there is room",
        "已按指令切除负荷（{key}）：其他手段不足以使并网点不超限",
        "检查电源与储能受限的原因；有余量后负荷自动恢复",
    ),
    "no schedule": Meaning(
        "major",
        "there is no schedule for now; the plant rests and keeps within its limits",
        "check the planner's process and its log",
        "当前时段无计划；电厂保持待命并守住限值",
        "检查计划进程及其日志",
    ),
    "schedule refused": Meaning(
        "major",
        "a schedule that cannot be followed was refused: {detail}",
        "look at the planner's log; the last good schedule is followed",
        "拒绝了一份无法执行的计划：{detail}",
        "查看计划日志；继续执行上一份有效计划",
    ),
    "planner failed": Meaning(
        "major",
        "the planner gave no new schedule: {detail}; the last good one, or a rule, is followed",
        "check the planner's process and its log",
        "计划程序未给出新计划：{detail}；执行上一份有效计划或规则",
        "检查计划进程及其日志",
    ),
    "day-ahead not told": Meaning(
        "major",
        "tomorrow's schedule was not told to the market: {detail}; it is tried again",
        "hand a schedule in by hand before the market's last call",
        "未能向市场申报日前计划：{detail}；系统将重试",
        "在市场申报截止前人工申报",
    ),
    "fail-safe": Meaning(
        "major",
        "the plant stands in its fail-safe until it is told what to do",
        "give it a schedule or an order",
        "电厂处于故障安全状态，等待指令",
        "下达计划或指令",
    ),
    "dispatch centre lost": Meaning(
        "critical",
        "the dispatch centre has not been heard of; the fail-safe limit holds",
        "check the line to the dispatch centre",
        "与调度中心失去联系；执行故障安全限值",
        "检查至调度中心的通道",
    ),
    "demand response lost": Meaning(
        "minor",
        "the server of demand response does not answer: {key}; what it said stands",
        "check the line to the server, and the secret",
        "需求响应服务器无应答：{key}；此前的事件继续有效",
        "检查至服务器的通道及密钥",
    ),
    "contradiction": Meaning(
        "minor",
        "two orders contradict each other: {key}; the higher one holds",
        "withdraw one of them",
        "两条指令相互矛盾：{key}；执行优先级高者",
        "撤回其中一条",
    ),
    "clock jumped": Meaning(
        "major",
        "the machine's clock jumped by {detail}; the plant goes on by its own time",
        "check time synchronisation",
        "系统时钟跳变 {detail}；电厂按自身时间继续运行",
        "检查时间同步",
    ),
    "cycle late": Meaning(
        "minor",
        "cycles take longer than their beat",
        "look for other load on this machine, or for a device that answers slowly",
        "控制周期超时",
        "检查本机负载或响应缓慢的设备",
    ),
    "disk": Meaning(
        "critical",
        "records cannot be written: {detail}; control goes on, records wait in memory",
        "free disk space",
        "无法写入记录：{detail}；控制继续，记录暂存内存",
        "清理磁盘空间",
    ),
    "disk filling": Meaning(
        "major",
        "of the disk of the records {detail} is free",
        "free disk space before records cannot be written",
        "记录所在磁盘剩余空间为 {detail}",
        "尽快清理磁盘空间，避免记录无法写入",
    ),
    "records lost": Meaning(
        "critical",
        "records that waited for the disk had to be dropped: {detail}",
        "free disk space; the gap is noted in the journal",
        "等待写盘的记录被丢弃：{detail}",
        "清理磁盘空间；缺口已在日志中注明",
    ),
    "records damaged": Meaning(
        "major",
        "records were not as they had been written, and new ones are begun: {detail}",
        "keep the folder of that name as evidence; look at the disk",
        "记录与写入时不符，已重新开始：{detail}",
        "保留该文件夹作为证据；检查磁盘",
    ),
    "write refused": Meaning(
        "major",
        "{key} refused a set-point or did not answer to it",
        "check the device; it keeps to its fallback when its last set-point lapses",
        "{key} 拒绝或未应答设定值",
        "检查设备；上一设定值失效后设备将执行自身后备策略",
    ),
    "no safe default": Meaning(
        "major",
        "station {key} charges without limit once what it was told lapses: {detail}",
        "look why it refuses its safe default; it is told again until it takes it",
        "充电站 {key} 的限值失效后将不受限充电：{detail}",
        "检查其拒绝安全默认值的原因；系统将反复下发直至接受",
    ),
    "link lost": Meaning(
        "major",
        "nobody answers on the link {key}: {detail}",
        "check the device's power supply, its address, and the network in between",
        "链路 {key} 无应答：{detail}",
        "检查设备电源、地址及其间网络",
    ),
    "fault": Meaning(
        "major",
        "{key} failed: {detail}; control goes on with the last it said",
        "read the log; restart the service when the plant allows it",
        "{key} 出错：{detail}；控制按其最后结果继续",
        "查看日志；条件允许时重启服务",
    ),
}
"""Every kind of alarm. ``{key}`` is what it is about, ``{detail}`` what changes meanwhile."""


@dataclass(frozen=True)
class Alarm:
    """One alarm: its kind and what it is about, since when, and what became of it."""

    code: str
    key: str
    raised: datetime
    cleared: datetime | None = None
    acknowledged: datetime | None = None
    by: str = ""
    shelved_until: datetime | None = None
    detail: str = ""

    @property
    def meaning(self) -> Meaning:
        """Severity, cause and remedy of its kind."""
        return MEANINGS[self.code]

    def said(self) -> dict[str, Any]:
        """What the control room shows, as plain data."""
        meaning = self.meaning
        times = {
            "raised": self.raised,
            "cleared": self.cleared,
            "acknowledged": self.acknowledged,
            "shelved_until": self.shelved_until,
        }
        return {
            "code": self.code,
            "key": self.key,
            "detail": self.detail,
            "severity": meaning.severity,
            "cause": meaning.cause.format(key=self.key, detail=self.detail),
            "remedy": meaning.remedy,
            "cause_zh": meaning.cause_zh.format(key=self.key, detail=self.detail),
            "remedy_zh": meaning.remedy_zh,
            "by": self.by,
            **{name: time.isoformat() if time else None for name, time in times.items()},
        }


@dataclass(frozen=True)
class AlarmChange:
    """That something happened to an alarm."""

    change: Change
    alarm: Alarm
    at: datetime


class Alarms:
    """The list of a plant's alarms."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], Alarm] = {}
        self._active: frozenset[tuple[str, str]] = frozenset()

    def update(self, now: datetime, conditions: Iterable[Condition]) -> tuple[AlarmChange, ...]:
        """Take note of the conditions that hold now; what has changed by that."""
        said = {each[:2]: each[2] if len(each) == 3 else "" for each in conditions}
        current = frozenset(said)
        changes = []
        for name in sorted(current - self._active):
            alarm = self._held.get(name)
            shelved = alarm.shelved_until if alarm else None
            alarm = Alarm(*name, raised=now, shelved_until=shelved, detail=said[name])
            self._held[name] = alarm
            changes.append(AlarmChange("raised", alarm, now))
        for name in sorted(self._active - current):
            alarm = replace(self._held[name], cleared=now)
            changes.append(AlarmChange("cleared", alarm, now))
            self._keep(name, alarm)
        for name, detail in said.items():
            if self._held[name].detail != detail:
                self._held[name] = replace(self._held[name], detail=detail)
        self._active = current
        self._forget()
        return tuple(changes)

    def acknowledge(self, now: datetime, code: str, key: str, by: str) -> AlarmChange | None:
        """A person has seen it; None if there is no such alarm."""
        return self._change(now, (code, key), "acknowledged", acknowledged=now, by=by)

    def shelve(
        self, now: datetime, code: str, key: str, by: str, until: datetime
    ) -> AlarmChange | None:
        """A person does not want to hear of it until then; None if there is no such alarm."""
        return self._change(now, (code, key), "shelved", shelved_until=until, by=by)

    def listed(self, now: datetime) -> list[Alarm]:
        """Alarms that hold or nobody has seen, without shelved ones; the worst and oldest first."""
        order = ("critical", "major", "minor")
        shown = [
            alarm
            for alarm in self._held.values()
            if alarm.shelved_until is None or alarm.shelved_until <= now
        ]
        return sorted(shown, key=lambda a: (order.index(a.meaning.severity), a.raised))

    def held(self) -> list[Alarm]:
        """All of them, also those that are shelved."""
        return list(self._held.values())

    def _change(
        self, now: datetime, name: tuple[str, str], change: Change, **fields: Any
    ) -> AlarmChange | None:
        if name not in self._held:
            return None
        alarm = replace(self._held[name], **fields)
        self._keep(name, alarm)
        return AlarmChange(change, alarm, now)

    def _forget(self) -> None:
        """No more than so many are held: of those that are over, the oldest go."""
        if len(self._held) > LIMIT:
            over = [(alarm.cleared, name) for name, alarm in self._held.items() if alarm.cleared]
            for _, name in sorted(over)[: len(self._held) - LIMIT]:
                del self._held[name]

    def _keep(self, name: tuple[str, str], alarm: Alarm) -> None:
        if alarm.cleared and alarm.acknowledged:
            del self._held[name]
        else:
            self._held[name] = alarm

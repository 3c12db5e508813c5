"""Faults of a simulated run: what breaks, when and for how long, from a YAML file.

    faults:
      - {kind: silent, device: battery, at: 2 h, lasts: 30 min}
      - {kind: clock_jump, device: wind, at: 4 h, lasts: 1 h, amount: -1 h}
    orders:                        # what the dispatch centre asks for, renewed every minute
      - {at: 1 h, lasts: 2 h, kind: most export, value: 20 MW}

``device`` is an asset, or one of its points; ``at`` counts from the start of the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from zeroplant.errors import InputError, suggestion
from zeroplant.files import load_yaml
from zeroplant.files.validation import problems_of
from zeroplant.operate.points import asset_of
from zeroplant.units import Hours, Quantity

if TYPE_CHECKING:
    from zeroplant.weather.prediction import WeatherForecast

FaultKind = Literal[
    "silent", "frozen", "lies", "noisy", "drift", "meter_lost", "flapping", "duplicated", "late",
    "clock_jump", "offline", "centre_lost", "contradictory", "solver_slow", "solver_crash",
    "disk_full", "no_weather", "writes_swallowed", "writes_lost", "slow",
]  # fmt: skip
OF_CONTROL = frozenset(
    {"centre_lost", "contradictory", "solver_slow", "solver_crash", "disk_full", "no_weather"}
)
"""Faults that are not of devices."""
EVERYWHERE = OF_CONTROL | {"meter_lost"}
"""Faults that no device can be named for."""
SHARED = frozenset({"offline", "writes_swallowed", "writes_lost"})
"""Faults of a share: of the devices, or of the set-points."""
BY_HOURS = frozenset({"clock_jump", "slow"})
"""Faults of an amount."""
Power = Annotated[float, Quantity("MW")]

MEANING: dict[str, tuple[str, str]] = {
    "silent": ("a device answers no more; its set-points lapse", "设备失联，设定值到期失效"),
    "frozen": ("a device says the same value for ever", "设备数值冻结"),
    "lies": ("a device acknowledges set-points and does nothing", "设备确认指令但不执行"),
    "noisy": ("measurements are 30 times as noisy", "测量噪声增大 30 倍"),
    "drift": ("measurements run away by 5 % of the rating in an hour", "测量值漂移，每小时 5 %"),
    "meter_lost": ("the meters of the public grid are silent", "关口电能表失联"),
    "flapping": ("a link comes and goes every 20 s", "通信链路每 20 s 中断一次"),
    "duplicated": ("readings come twice, the second one old", "数据重复上送"),
    "late": ("readings come in bursts every two minutes", "数据每两分钟集中补送"),
    "clock_jump": ("a device's clock is wrong by an hour", "设备时钟跳变一小时"),
    "offline": ("devices are out of service and silent", "设备退出运行且失联"),
    "centre_lost": ("the dispatch centre is not heard any more", "与调度中心通信中断"),
    "contradictory": ("dispatch centre and contract ask for opposite things", "指令相互矛盾"),
    "solver_slow": ("the solver gives no answer in time", "求解超时"),
    "solver_crash": ("the solver's process dies", "求解进程崩溃"),
    "disk_full": ("nothing can be written", "磁盘写满"),
    "no_weather": ("no weather forecast comes", "气象预报缺失"),
    "writes_swallowed": (
        "set-points are acknowledged on the way and never reach the device",
        "指令已确认但未送达设备",
    ),
    "writes_lost": ("set-points are lost on the way, without an answer", "指令在途丢失且无应答"),
    "slow": ("set-points and readings take seconds on their way", "指令与数据传输延迟"),
}

FLAP, LATE, DRIFT, NOISE, CLOCK, SLOW = 20.0, 120.0, 0.05, 30.0, 1.0, 10.0 / 3600.0
"""Seconds between flaps and of lateness; share of the rating in an hour; times; hours, twice."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fault(_Strict):
    """One thing that breaks."""

    kind: FaultKind = Field(description="what breaks")
    at: Hours = Field(ge=0, description="when, from the start of the run")
    lasts: Hours = Field(0.5, gt=0, description="for how long")
    device: str | None = Field(None, description="asset or point; every device if left out")
    share: float = Field(
        0.5, gt=0, le=1, description="of the devices, for 'offline' without one; of the set-points "
        "that do not arrive",
    )  # fmt: skip
    amount: Hours | None = Field(
        None, description="by how much a clock is wrong (1 h), how long each way takes (10 s)"
    )

    def holds(self, hours: float) -> bool:
        """Whether it lasts at a time since the start."""
        return self.at <= hours < self.at + self.lasts


class Asked(_Strict):
    """What the dispatch centre asks for, of the plant's net export."""

    kind: Literal["target", "most export", "least export"]
    value: Power = Field(description="net export; negative for import")
    at: Hours = Field(ge=0, description="from when, from the start of the run")
    lasts: Hours = Field(gt=0, description="for how long")

    def holds(self, hours: float) -> bool:
        """Whether it is asked for at a time since the start."""
        return self.at <= hours < self.at + self.lasts


class Trouble(_Strict):
    """A whole file."""

    faults: list[Fault] = Field(default_factory=list, description="what breaks")
    orders: list[Asked] = Field(default_factory=list, description="what the dispatch centre asks")

    def active(self, kind: str, hours: float) -> bool:
        """Whether a fault of a kind lasts."""
        return any(fault.kind == kind and fault.holds(hours) for fault in self.faults)

    def asked(self, hours: float) -> list[Asked]:
        """What the dispatch centre asks for now, if it is heard."""
        if self.active("centre_lost", hours):
            return []
        return [each for each in self.orders if each.holds(hours)]

    def heard(
        self, issues: Iterable[WeatherForecast], start: datetime
    ) -> tuple[WeatherForecast, ...]:
        """Weather forecasts as they come: what is issued while none does comes when that is over.

        ``start`` is that of the run; ``issues`` are in order, and stay so.
        """
        issues = tuple(issues)
        missing = [fault for fault in self.faults if fault.kind == "no_weather"]
        for fault in sorted(missing, key=lambda fault: fault.at):
            at = start + timedelta(hours=fault.at)
            over = at + timedelta(hours=fault.lasts)
            issues = tuple(
                replace(issue, issued=over) if at <= issue.issued < over else issue
                for issue in issues
            )
        return issues


def read_trouble(path: str | Path, points: Iterable[str], *, hours: float) -> Trouble:
    """Read a file for a run of so many hours; ``points`` are the names a device may have.

    Raises InputError with one line for each thing that is wrong, also for what would not happen:
    what lies beyond the end of the run, and options that mean nothing for their kind.
    """
    file = load_yaml(path)
    adapter = TypeAdapter(Trouble)
    try:
        trouble = adapter.validate_python(file.data or {})
    except ValidationError as error:
        raise InputError(problems_of(error, file, (), Trouble)) from None
    known = set(points)
    problems = [
        file.problem(what, ["faults", number, key], instead=instead)
        for number, fault in enumerate(trouble.faults)
        for key, what, instead in _idle(fault, known)
    ]
    said: dict[str, Sequence[Fault | Asked]] = {"faults": trouble.faults, "orders": trouble.orders}
    problems += [
        file.problem(f"{each.at:g} h is not before the end of a run of {hours:g} h",
                     [part, number, "at"], instead="write an earlier time, or run more days")
        for part, several in said.items()
        for number, each in enumerate(several)
        if each.at >= hours
    ]  # fmt: skip
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line))
    return trouble


def _idle(fault: Fault, points: set[str]) -> Iterator[tuple[str, str, str]]:
    """Options that would do nothing: which, what is wrong with it, and what to write instead."""
    told, kind = fault.model_fields_set, fault.kind
    if fault.device is not None and kind in EVERYWHERE:
        yield "device", f"'{kind}' is no fault of a single device", "leave it out"
    elif fault.device is not None:
        assets = {asset_of(name) for name in points}
        if fault.device not in points | assets:
            instead = suggestion(fault.device, sorted(assets))
            yield "device", f"no device is called '{fault.device}'", instead
    if "share" in told and kind not in SHARED:
        yield "share", f"'{kind}' has no share", "leave it out"
    elif "share" in told and kind == "offline" and fault.device is not None:
        yield "share", f"'{fault.device}' is offline as a whole", "leave it out, or the device"
    if "amount" in told and kind not in BY_HOURS:
        yield "amount", f"'{kind}' has no amount", "leave it out"


def places(fault: Fault, names: tuple[str, ...], meters: Iterable[str]) -> list[int]:
    """Points of what a fault breaks, in the order of ``names``; all, if it names no device."""
    if fault.kind == "meter_lost":
        wanted = set(meters)
        return [place for place, name in enumerate(names) if name in wanted]
    return [
        place
        for place, name in enumerate(names)
        if fault.device is None or fault.device in (name, asset_of(name))
    ]

"""The words where a request comes to nothing: what happened, and what to do."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "400": ("This request cannot be read.", "无法读取该请求。"),
    "403": ("You may not do this.", "您没有此操作的权限。"),
    "404": ("There is no such page.", "没有此页面。"),
    "405": ("This page cannot be asked so.", "此页面不支持该请求方式。"),
    "408": ("The request took too long to arrive.", "请求传送超时。"),
    "413": ("This is more than the service reads at once.", "内容超过服务一次可读取的大小。"),
    "421": ("The service is not reached under this name.", "本服务不以此名称提供访问。"),
    "422": ("Something of what was sent will not do.", "提交的内容有误。"),
    "429": ("Too many tries.", "尝试次数过多。"),
    "500": ("The service failed here.", "服务在此出错。"),
    "503": ("The service cannot do this now.", "服务目前无法执行此操作。"),
    "else": ("This did not work.", "操作未成功。"),
    "403 do": (
        "If you need it, ask somebody who manages users; the service was told of the refusal.",
        "如确需此权限，请联系用户管理员；此次拒绝已记录。",
    ),
    "404 do": ("Its address may be mistyped.", "地址可能有误。"),
    "421 do": (
        "Whoever runs the service names it with --name.",
        "服务的运行人员可用 --name 指定此名称。",
    ),
    "422 do": ("Go back, correct it and send it again.", "请返回更正后重新提交。"),
    "500 do": (
        "Tell whoever runs the service the number below: its log says what happened.",
        "请将下面的编号告知服务运行人员：日志中有详细记录。",
    ),
    "503 do": ("Try again in some seconds.", "请稍后再试。"),
    "else do": ("Go back and try it once more.", "请返回后再试一次。"),
    "field minutes": ("how long", "时长"),
    "field reason": ("why", "原因"),
    "field value": ("value", "数值"),
    "field start": ("from", "开始"),
    "field what": ("what", "对象"),
    "field name": ("name", "名称"),
    "field password": ("password", "密码"),
    "field role": ("role", "角色"),
    "field place": ("where", "范围"),
    "field days": ("days", "天数"),
    "field first": ("first day", "起始日"),
    "field last": ("last day", "截止日"),
    "field kind": ("kind", "类型"),
    "field key": ("what it is about", "对象"),
    "field code": ("kind of alarm", "告警类型"),
    "field before": ("page", "页"),
    "field leaf": ("page", "页"),
    "field order": ("order", "排序"),
    "field quality": ("quality", "质量"),
    "field at": ("moment", "时刻"),
    "number": ("Number of this request", "请求编号"),
    "to overview": ("To the overview", "返回总览"),
}

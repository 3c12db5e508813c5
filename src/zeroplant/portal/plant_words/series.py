"""What can be wrong with time series, in Chinese; `{}` is a gap."""

from __future__ import annotations

from collections.abc import Mapping

SERIES: Mapping[str, str] = {
    # series/clock.py
    "write them as '1-3, 12'": "应写成 '1-3, 12'",
    "write them as '8-11, 18-21'": "应写成 '8-11, 18-21'",
    "the months '{}' overlap themselves": "月份“{}”有重叠",
    "the hours '{}' overlap themselves": "小时“{}”有重叠",
    "name each once": "每个只写一次",
    "'{}' is not a range of months": "“{}”不是月份范围",
    "write months such as '1-3, 12'": "月份应写成 '1-3, 12'",
    "'{}' is not a range of hours": "“{}”不是小时范围",
    "write hours such as '8-11, 18:30-21'": "小时应写成 '8-11, 18:30-21'",
    # series/filed.py
    "{} columns for {} chains": "列数为 {}，气象年或情景数为 {}",
    "name one column, or one for each chain": "请指定一列，或每个情景一列",
    # series/fit.py
    "the series runs from {} to {}, the plan from {} to {}": "序列为 {} 至 {}，计划为 {} 至 {}",
    "add 'year: any' to use it for another year": "如用于其他年份，请加 'year: any'",
    "the steps of the series do not divide a day": "序列的步长不能整除一天",
    "{} of the year are missing, the first is {}": "全年缺 {}，首个为 {}",
    "{} of the year stand more than once, the first is {}": "全年重复 {}，首个为 {}",
    "give a series in other steps": "请换用其他步长的序列",
    "give each of the year's 365 days once": "全年 365 天每天须恰好一次",
    # series/generated.py
    "two generators are called '{}'": "有两个名为“{}”的序列生成器",
    "'{}' generates {}, not {}": "“{}”生成的是 {}，不是 {}",
    # series/order.py
    "the series has no two stamps that follow each other": "序列中没有前后相继的两个时间",
    "give one row for each period": "每个时段须有一行",
    "steps of {} are coarser than the plan's {}, and what lies between them is not known":
        "步长 {} 大于计划步长 {}，其间数值未知",
    "give a series in steps of {}": "请给出步长为 {} 的序列",
    "{} missing from {} to {}{}": "缺 {}：{} 至 {}{}",
    "{} missing at {}{}": "缺 {}：{}{}",
    "add the rows": "请补上各行",
    "{} is off the series' steps of {}{}": "{} 不在序列步长 {} 上{}",
    "correct the stamps": "请更正时间",
    "the stamps lie {} off the plan's periods": "时间与计划时段相差 {}",
    "shift them, or the start of the plan": "请平移时间，或改动计划开始时间",
    "check 'zone', or add them": "请检查“zone”，或补上",
    "add them, or 'year: any'": "请补上，或写 'year: any'",
    "{} value is empty or not a number, the first at {}": "有 {} 个值为空或不是数值，首个在 {}",
    "{} values are empty or not a number, the first at {}": "有 {} 个值为空或不是数值，首个在 {}",
    "steps of {} do not divide the plan's {}": "步长 {} 不能整除计划步长 {}",
    "{} stands twice{}": "{} 重复{}",
    "{} comes too late{}": "{} 顺序有误{}",
    "keep one row of each time": "每个时间只留一行",
    "sort the rows by time": "请按时间排序",
    "{} missing before the first row at {}": "首行 {1} 之前缺 {0}",
    "{} missing after the last row at {}": "末行 {1} 之后缺 {0}",
    "steps of {} are finer than the plan's {}": "步长 {} 小于计划步长 {}",
    "add 'resample: mean' to average": "如取平均，请加 'resample: mean'",
    # series/profile.py
    "{} values are not a finite number, the first is {} at {}":
        "有 {} 个值不是有限数值，首个为 {}，在 {}",
    "{} values are below {}, the first is {} at {}": "有 {} 个值低于 {}，首个为 {}，在 {}",
    "{} values are above {}, the first is {} at {}": "有 {} 个值高于 {}，首个为 {}，在 {}",
    "a value is not a finite number, the first is {} at {}":
        "有一个值不是有限数值，首个为 {}，在 {}",
    "a value is below {}, the first is {} at {}": "有一个值低于 {}，首个为 {}，在 {}",
    "a value is above {}, the first is {} at {}": "有一个值高于 {}，首个为 {}，在 {}",
    "correct the series": "请更正序列",
    # series/schemas.py
    "a column is not a name or a list of names": "列应为名称，或名称列表",
    # series/stamps.py
    "there are several time columns": "有多个时间列",
    "no time column": "没有时间列",
    "name one with 'time': {}": "请以“time”指定：{}",
    "the time column '{}' holds no times": "时间列“{}”中没有时间",
    "1 row without a time, the first is row {}": "有 1 行没有时间，首个在第 {} 行",
    "{} rows without a time, the first is row {}": "有 {} 行没有时间，首个在第 {} 行",
    "the stamps carry offsets that are not those of {}": "时间的时差与 {} 不符",
    "write the start of a period in every row": "每行须写时段的开始时间",
    "some stamps carry an offset and some do not": "时间有的带时差，有的不带",
    "leave out 'zone', or correct it": "请去掉或更正“zone”",
    "write them as 2025-01-01 00:00": "应写成 '2025-01-01 00:00'",
    # series/table.py
    "'{}' is not a kind of table": "不支持“{}”类表格",
    "give a .csv or .parquet file": "请给出 '.csv' 或 '.parquet' 文件",
    "the file has {} columns besides '{}'": "除“{1}”外文件还有 {0} 列",
    "the column '{}' holds '{}', which is not a number": "列“{}”中的“{}”不是数值",
    "the column '{}' holds text, which is not a number": "列“{}”为文本，不是数值",
    "name one with 'column': {}, …": "请以“column”指定：{} 等",
    "name one with 'column': {}{}": "请以“column”指定：{}{}",
    "write plain numbers such as 1234.5": "请写数值，如 1234.5",
    "cannot be read as a table ({})": "无法按表格读取（“{}”）",
    # series/tariff.py
    "no row covers {}": "没有一行覆盖 {}",
    "every hour needs exactly one row": "每个小时须恰好属于一行",
    "rows {} and {} both cover {}": "第 {} 行与第 {} 行都覆盖 {}",
    # series/weatherfile.py
    "{}: of the year's 8,760 hours {} are missing and {} double":
        "{}：全年 8760 h 中缺 {}、重复 {}",
    "{}: {} values of {} are missing or impossible": "{}：{2} 有 {1} 个值缺失或不合理",
    "{}: cannot be read as {}": "{}：无法按 {} 读取",
    "check 'source' and the file": "请检查“source”与文件",
    "{}: of the year's 8,760 hours {} are missing and {} double; the first is {} in row {}":
        "{}：全年 8760 h 中缺 {}、重复 {}；首个为 {}，在第 {} 行",
    "{}: {} values of {} are missing or impossible; the first is {} in row {}":
        "{0}：{2} 有 {1} 个值缺失或不合理；首个为 {3}，在第 {4} 行",
    # series/zones.py
    "the stamps carry no zone": "时间戳没有时区",
    "add one such as 'zone: Asia/Shanghai'": "请添加，例如 'zone: Asia/Shanghai'",
    "{} does not exist in {}": "{1} 没有 {0}（夏令时）",
    "{} happens twice in {}": "{1} 有两个 {0}（夏令时）",
    "give stamps in UTC or with offsets": "请用 UTC 或带时差的时间",
}  # fmt: skip
"""What is said, and the same in Chinese."""

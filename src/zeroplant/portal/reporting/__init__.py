"""Reports to take away: what was planned and what came, quarter-hour by quarter-hour.

They are made in the studio's process, which gives way to those that control.
"""

from __future__ import annotations

from zeroplant.portal.reporting.desk import Kind, Report, ReportDesk

__all__ = ["Kind", "Report", "ReportDesk"]

"""Reports of a plan: a page, a workbook, a table on the terminal.

Nothing heavy is loaded until one of them is written.
"""

from zeroplant.plan.report.html import write_html
from zeroplant.plan.report.table import print_summary
from zeroplant.plan.report.xlsx import write_xlsx

__all__ = ["print_summary", "write_html", "write_xlsx"]

"""What a sweep found: a page, a table on the terminal, a Parquet file and plain data."""

from zeroplant.plan.report.sweep.page import write_page
from zeroplant.plan.report.sweep.tables import print_sweep, summary, write_parquet

__all__ = ["print_sweep", "summary", "write_page", "write_parquet"]

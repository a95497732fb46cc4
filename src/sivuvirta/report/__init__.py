"""Reports: reads results and computes nothing; one HTML file with map, Sankey, tables, reasons and sources, or a live workbook."""

from typing import TYPE_CHECKING

from sivuvirta._lazy import lazily

if TYPE_CHECKING:
    from sivuvirta.report.writing import write

__all__ = ["write"]

__getattr__ = lazily(globals(), {"write": "sivuvirta.report.writing"})  # words and colours are read by pages that write no report

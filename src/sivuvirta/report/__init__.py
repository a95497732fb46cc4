"""Reports: reads results and computes nothing; one HTML file with map, Sankey, tables, reasons and sources, or a live workbook."""

from sivuvirta.report.writing import write

__all__ = ["write"]

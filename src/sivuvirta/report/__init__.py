"""Reports: reads results and computes nothing; one HTML file with map, Sankey, tables, reasons and sources."""

from sivuvirta.report.html import write

__all__ = ["write"]

"""The report as a workbook: every figure a live formula over flows and coefficients, every coefficient with its sources."""

from sivuvirta.report.workbook.book import write

__all__ = ["write"]

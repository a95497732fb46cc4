"""A report by the ending of its file: a page, or a workbook."""

from __future__ import annotations

from pathlib import Path

from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.prospects import LabOrders
from sivuvirta.domain.studies import Studies
from sivuvirta.report import html, workbook

WORKBOOK = ".xlsx"


def write(plan: Plan, assessment: Assessment, path: Path, orders: LabOrders | None = None, studies: Studies | None = None) -> Path:
    """Write the report of a plan: a workbook where the file ends in .xlsx, else a page.

    Args:
        plan: the network, proven and potential.
        assessment: its figures; nothing is computed here.
        path: the file; its folder is made if need be.
        orders: what missing tests are worth, if it was worked out; on the page alone.
        studies: what else was asked; each has a section of its own on the page.

    Returns:
        The path.
    """
    if path.suffix.lower() == WORKBOOK:
        return workbook.write(plan, assessment, path, studies)
    return html.write(plan, assessment, path, orders, studies)

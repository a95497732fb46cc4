"""Sections of a report that are there if their question was asked, one module a section."""

from sivuvirta.report.studies.gathered import sections

__all__ = ["sections"]

"""The app of papers: it hears when rows get other keys."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class Papers(AppConfig):
    """Papers."""

    name = "sivuvirta.web.papers"

    def ready(self) -> None:
        """Hear of rows that get another key or go."""
        import_module("sivuvirta.web.papers.keeping")

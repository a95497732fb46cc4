"""The app of accounts."""

from __future__ import annotations

from django.apps import AppConfig


class Accounts(AppConfig):
    """Listens to what happens to accounts, once all models are there."""

    name = "sivuvirta.web.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Begin to listen."""
        from sivuvirta.web.accounts import listening  # noqa: PLC0415 - models are there only now

        listening.begin()

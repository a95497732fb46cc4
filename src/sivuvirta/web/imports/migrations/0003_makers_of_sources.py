"""Sources know who made them; those that nobody of their organisation made are taken for what they are: made for others."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def makers(apps: Any, schema_editor: Any) -> None:
    """Find each source's maker by the address that it keeps."""
    users, places = apps.get_model("accounts", "User"), apps.get_model("accounts", "Membership")
    for source in apps.get_model("imports", "Source").objects.all():
        maker = users.objects.filter(email=source.maker).first()
        own = places.objects.filter(user=maker, organisation_id=source.organisation_id, place__in=("editor", "admin"))
        source.by, source.for_others = maker, maker is None or not own.exists()
        source.save(update_fields=["by", "for_others"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("imports", "0002_keys_of_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="by",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="for_others",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(makers, migrations.RunPython.noop),
    ]

"""A study is called by its question in the language of each reader; names that were made from the question are stored no more."""

from __future__ import annotations

import re
from typing import Any

from django.db import migrations, models

_MADE = re.compile(
    r"Best use of (\d{4})'s side streams"
    r"( for the (most value for the region|least emissions|fewest tonnes to landfill and stock|least primary product bought"
    r"|most posts at plants|fewest loaded vehicle-kilometres))?"
    r"( with [\d.,]+\u202f[kM]?€ to invest)?"
    r"( within [\d.,]+\u202f[kM]?t CO₂e/a)?"
)


def forget_made_names(apps: Any, schema_editor: Any) -> None:
    """Names that the platform made, in its first language; others stay as they are."""
    studies = apps.get_model("studies", "Study").objects
    for key, name in studies.values_list("pk", "name"):
        if found := _MADE.fullmatch(name):
            studies.filter(pk=key).update(name="", year=int(found[1]))


class Migration(migrations.Migration):
    dependencies = [
        ("studies", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="study",
            name="doing_with",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="study",
            name="year",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="year"),
        ),
        migrations.AlterField(
            model_name="study",
            name="name",
            field=models.CharField(blank=True, max_length=200, verbose_name="name"),
        ),
        migrations.RunPython(forget_made_names, migrations.RunPython.noop, elidable=True),
    ]

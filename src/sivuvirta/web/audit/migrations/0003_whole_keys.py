"""The log keeps the whole key of a row, however long; it is sealed anew, since SQLite makes the table again."""

from importlib import import_module

from django.db import migrations, models

_SEALED = import_module("sivuvirta.web.audit.migrations.0002_sealed")


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_sealed")]
    operations = [
        migrations.RunPython(_SEALED.unseal, _SEALED.seal),
        migrations.AlterField("entry", "key", models.CharField(max_length=900, verbose_name="key")),
        migrations.RunPython(_SEALED.seal, _SEALED.unseal),
    ]

"""The newest entry of a register's log is found at once, however long the log is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_whole_keys"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["register", "id"], name="log_of_a_register"),
        ),
    ]

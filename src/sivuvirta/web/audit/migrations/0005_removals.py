"""What was taken out of a register is found without reading the whole log."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_newest_of_a_register")]
    operations = [
        migrations.AddIndex(
            "entry", models.Index(fields=("register", "id"), condition=models.Q(action="remove"), name="removals_of_a_register")
        ),
    ]

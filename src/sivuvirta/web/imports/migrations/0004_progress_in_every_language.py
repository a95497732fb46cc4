"""How far work is, as a message and what stands in its places, so that each reader is told in their language."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0003_makers_of_sources"),
    ]

    operations = [
        migrations.AddField(
            model_name="work",
            name="doing_with",
            field=models.JSONField(default=dict, editable=False),
        ),
    ]

"""How far work is, as a message and what stands in its places, so that each reader is told in their language."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_site_of_an_input"),
    ]

    operations = [
        migrations.AddField(
            model_name="measuring",
            name="doing_with",
            field=models.JSONField(default=dict, editable=False),
        ),
    ]

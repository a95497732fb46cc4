"""An input of a footprint may say which site it enters."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_views_and_meters"),
    ]

    operations = [
        migrations.AddField(
            model_name="footprints",
            name="site",
            field=models.CharField(blank=True, max_length=200, null=True),
        ),
        migrations.AddIndex(
            model_name="footprints",
            index=models.Index(fields=["register", "site"], name="footprints_site_at"),
        ),
    ]

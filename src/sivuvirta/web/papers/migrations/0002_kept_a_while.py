"""Papers of a row that was taken out are kept a while, so that both can be put back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial")]
    operations = [migrations.AddField("paper", "gone_at", models.DateTimeField(editable=False, null=True))]

"""Messages can be pinned, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dashboard", "0002_arrangement")]

    operations = [
        migrations.AddField(
            model_name="arrangement", name="messages", field=models.JSONField(default=dict)
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("simulation", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Fault",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sandbox", models.BigIntegerField(db_index=True)),
                ("target", models.TextField()),
                ("kind", models.CharField(max_length=16)),
                ("settings", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("on", "on")],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("began_at", models.BigIntegerField(default=0)),
                ("next_at", models.BigIntegerField()),
                ("throws", models.BigIntegerField(default=0)),
                ("hits", models.BigIntegerField(default=0)),
            ],
            options={"ordering": ("id",)},
        ),
    ]

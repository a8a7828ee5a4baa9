import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0002_interpretations"),
    ]

    operations = [
        migrations.AlterField(
            model_name="measures",
            name="issuer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="measures",
                to="accounts.organisation",
                verbose_name="制定和解释机关",
            ),
        ),
    ]

from django.db import migrations, models

import accounts.validators


class Migration(migrations.Migration):
    """Districts have a name in Swedish and in English too; both may be empty."""

    dependencies = [("accounts", "0004_remove_search_text")]
    operations = [
        migrations.AddField(
            model_name="district",
            name="name_sv",
            field=models.CharField(
                blank=True,
                default="",
                max_length=100,
                validators=[accounts.validators.refuse_identity_code],
                verbose_name="name in Swedish",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="district",
            name="name_en",
            field=models.CharField(
                blank=True,
                default="",
                max_length=100,
                validators=[accounts.validators.refuse_identity_code],
                verbose_name="name in English",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="district",
            name="name",
            field=models.CharField(
                max_length=100,
                unique=True,
                validators=[accounts.validators.refuse_identity_code],
                verbose_name="name in Finnish",
            ),
        ),
    ]

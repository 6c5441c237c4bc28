from django.db import migrations, models

import accounts.validators


class Migration(migrations.Migration):
    """The one name of a venue is its Finnish one; the others fall back on it until somebody writes them."""

    dependencies = [
        ("courses", "0007_course_price"),
    ]

    operations = [
        migrations.RenameField(model_name="venue", old_name="name", new_name="name_fi"),
        migrations.AlterField(
            model_name="venue",
            name="name_fi",
            field=models.CharField(
                max_length=120,
                unique=True,
                validators=[accounts.validators.refuse_identity_code],
                verbose_name="name in Finnish",
            ),
        ),
        migrations.AddField(
            model_name="venue",
            name="name_sv",
            field=models.CharField(
                blank=True,
                default="",
                max_length=120,
                validators=[accounts.validators.refuse_identity_code],
                verbose_name="name in Swedish",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="venue",
            name="name_en",
            field=models.CharField(
                blank=True,
                default="",
                max_length=120,
                validators=[accounts.validators.refuse_identity_code],
                verbose_name="name in English",
            ),
            preserve_default=False,
        ),
        migrations.AlterModelOptions(
            name="venue", options={"ordering": ["name_fi"], "verbose_name": "venue"}
        ),
    ]

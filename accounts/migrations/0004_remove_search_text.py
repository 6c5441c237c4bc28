from django.db import migrations


class Migration(migrations.Migration):
    """A step of its own, so that going back finds the column again before it is filled."""

    dependencies = [("accounts", "0003_fill_search_words")]
    operations = [migrations.RemoveField(model_name="person", name="search_text")]

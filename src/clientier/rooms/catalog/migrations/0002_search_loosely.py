import clientier.core.search
from django.db import migrations

from clientier.core.derived import derive_all


def derive(apps, editor):
    derive_all(editor.connection, apps.get_model("catalog", "product"))


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='product',
            name='search',
            field=clientier.core.search.SearchField(names=('name',), numbers=(), texts=('name', 'external_id', 'category')),
        ),
        migrations.RunPython(derive, migrations.RunPython.noop),
    ]

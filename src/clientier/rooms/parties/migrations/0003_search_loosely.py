import clientier.core.search
from django.db import migrations

from clientier.core.derived import derive_all


def derive(apps, editor):
    derive_all(editor.connection, apps.get_model("parties", "contact"))
    derive_all(editor.connection, apps.get_model("parties", "customer"))


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0002_reach'),
    ]

    operations = [
        migrations.AlterField(
            model_name='contact',
            name='search',
            field=clientier.core.search.SearchField(names=('name',), numbers=('phone',), texts=('name', 'email', 'wechat')),
        ),
        migrations.AlterField(
            model_name='customer',
            name='search',
            field=clientier.core.search.SearchField(names=('name', 'other_names'), numbers=('phone', 'external_id'), texts=('name', 'other_names', 'external_id', 'email')),
        ),
        migrations.RunPython(derive, migrations.RunPython.noop),
    ]

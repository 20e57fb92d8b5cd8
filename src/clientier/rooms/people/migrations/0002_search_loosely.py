import clientier.core.search
from django.db import migrations

from clientier.core.derived import derive_all


def derive(apps, editor):
    derive_all(editor.connection, apps.get_model("people", "user"))


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='user',
            name='search',
            field=clientier.core.search.SearchField(names=('name',), numbers=(), texts=('name', 'username', 'email')),
        ),
        migrations.RunPython(derive, migrations.RunPython.noop),
    ]

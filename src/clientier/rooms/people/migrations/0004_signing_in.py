import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# What Django's cache in the database needs: counters of attempts, the same for all processes. Not logged, for
# speed: after a crash of the server the counting begins anew.
CACHE = """
CREATE UNLOGGED TABLE IF NOT EXISTS site_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS site_cache_expires ON site_cache (expires);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_trash_days'),
    ]

    operations = [
        migrations.AddField(
            model_name='role',
            name='second_factor_required',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='SignInLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('purpose', models.CharField(max_length=12)),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('expires_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_in_links', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user',), name='one_sign_in_link_a_user')],
            },
        ),
        migrations.RunSQL(CACHE, "DROP TABLE site_cache"),
    ]

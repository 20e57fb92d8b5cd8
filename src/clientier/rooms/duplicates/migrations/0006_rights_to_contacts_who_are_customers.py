from django.db import migrations

PAIRS = "duplicates.personpair"
# Who may do it with pairs of contacts may do it with contacts who may be customers.
FOLLOWED, ACTIONS = "duplicates.contactpair", ("view", "export", "change")


def grant(apps, editor):
    """Roles that are there already get rights to what is new, by those that they have to pairs of contacts."""
    model = apps.get_model("people", "Grant")
    held = model.objects.filter(record=FOLLOWED, action__in=ACTIONS)
    model.objects.bulk_create(
        [model(role_id=each.role_id, record=PAIRS, action=each.action, reach=each.reach) for each in held],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('duplicates', '0005_contacts_who_are_customers'),
        ('people', '0004_signing_in'),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]

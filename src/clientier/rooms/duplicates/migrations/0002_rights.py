from django.db import migrations

# What a role may do with customers, and what that lets it do with pairs and merges.
FOLLOWS = {
    "view": (("duplicates.duplicatepair", "view"), ("duplicates.merge", "view")),
    "export": (("duplicates.duplicatepair", "export"), ("duplicates.merge", "export")),
    "change": (("duplicates.duplicatepair", "change"),),
    "delete": (("duplicates.merge", "add"), ("duplicates.merge", "change")),
}


def grant(apps, editor):
    """Roles that are there already get rights to what is new, by those that they have to customers."""
    model = apps.get_model("people", "Grant")
    held = model.objects.filter(record="parties.customer", action__in=FOLLOWS)
    model.objects.bulk_create(
        [
            model(role_id=each.role_id, record=record, action=action, reach=each.reach)
            for each in held
            for record, action in FOLLOWS[each.action]
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('duplicates', '0001_initial'),
        ('people', '0004_signing_in'),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]

from django.db import migrations

# What a role may do with contacts, and what that lets it do with pairs and merges of them.
FOLLOWS = {
    "view": (("duplicates.contactpair", "view"), ("duplicates.contactmerge", "view")),
    "export": (("duplicates.contactpair", "export"), ("duplicates.contactmerge", "export")),
    "change": (("duplicates.contactpair", "change"),),
    "delete": (("duplicates.contactmerge", "add"), ("duplicates.contactmerge", "change")),
}


def grant(apps, editor):
    """Roles that are there already get rights to what is new, by those that they have to contacts."""
    model = apps.get_model("people", "Grant")
    held = model.objects.filter(record="parties.contact", action__in=FOLLOWS)
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
        ('duplicates', '0003_contacts_kept_twice'),
        ('people', '0004_signing_in'),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]

from django.db import migrations


def hide(apps, editor):
    """From whom telephone or address of contacts are hidden, the further ones are hidden too."""
    model = apps.get_model("people", "FieldRule")
    rules = model.objects.filter(record="parties.contact", field__in=("phone", "email"), rule="hidden")
    roles = set(rules.values_list("role_id", flat=True))
    model.objects.bulk_create(
        [model(role_id=role, record="parties.contact", field="channels", rule="hidden") for role in roles],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0016_coordinates_on_the_globe'),
        ('people', '0004_signing_in'),
    ]

    operations = [
        migrations.RunPython(hide, migrations.RunPython.noop),
    ]

import clientier.rooms.parties.choices.countries
import clientier.rooms.parties.choices.industries
from django.db import migrations

CODED = (("customer", "country"), ("customer", "industry"), ("address", "country"))


def recognise(apps, schema_editor):
    """What is written as a known country or industry becomes its code; the rest stays as it is."""
    for model, name in CODED:
        found = apps.get_model("parties", model)
        field = found._meta.get_field(name)
        kept = f"UPDATE {found._meta.db_table} SET {name} = %s WHERE {name} = %s"
        for written in found.objects.order_by().values_list(name, flat=True).distinct():
            if (code := field.recognise(written)) != written:
                with schema_editor.connection.cursor() as cursor:
                    cursor.execute(kept, [code, written])



class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0013_by_erasure'),
    ]

    operations = [
        migrations.AlterField(
            model_name='address',
            name='country',
            field=clientier.rooms.parties.choices.countries.CountryField(blank=True, max_length=60),
        ),
        migrations.AlterField(
            model_name='customer',
            name='country',
            field=clientier.rooms.parties.choices.countries.CountryField(blank=True, max_length=60),
        ),
        migrations.AlterField(
            model_name='customer',
            name='industry',
            field=clientier.rooms.parties.choices.industries.IndustryField(blank=True, max_length=80),
        ),
        migrations.RunPython(recognise, migrations.RunPython.noop),
    ]

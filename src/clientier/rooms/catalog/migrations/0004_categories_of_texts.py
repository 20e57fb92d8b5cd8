from django.db import migrations

from clientier.core.derived import derive_all
from clientier.rooms.catalog.choices.units import UnitField


def make_categories(apps, editor):
    """Each text that named a category becomes one, spelled as it was; products keep theirs."""
    category, product = apps.get_model("catalog", "Category"), apps.get_model("catalog", "Product")
    texts = product.objects.exclude(category_text="").order_by("category_text")
    for text in texts.values_list("category_text", flat=True).distinct():
        made = category.objects.create(name=text)
        product.objects.filter(category_text=text).update(category=made)
    derive_all(editor.connection, category)
    derive_all(editor.connection, product)


def keep_texts(apps, editor):
    """Back: the name of the category alone."""
    category, product = apps.get_model("catalog", "Category"), apps.get_model("catalog", "Product")
    for each in category.objects.all():
        product.objects.filter(category=each).update(category_text=each.name)


def know_units(apps, editor):
    """Units that the list knows are kept by our word for them, whatever they were written as."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT unit FROM catalog_product WHERE unit <> ''")
        for (written,) in cursor.fetchall():
            if (code := UnitField.code_of(written)) and code != written:
                cursor.execute("UPDATE catalog_product SET unit = %s WHERE unit = %s", [code, written])


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0003_prices_parts_and_places"),
    ]

    operations = [
        migrations.RunPython(make_categories, keep_texts),
        migrations.RunPython(know_units, migrations.RunPython.noop),
    ]

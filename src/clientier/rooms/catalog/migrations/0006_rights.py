from django.db import migrations

AS_PRODUCTS = ("category", "component", "costchange", "warehouse")
AS_ORDERS = ("pricelist", "price", "installation")


def grant_as_for_their_like(apps, editor):
    """Roles that exist stay useful: who may do something with products or customers, may with what is beside them.

    Costs over time are not opened to roles from which the cost of products is hidden.
    """
    grant, rule = apps.get_model("people", "Grant"), apps.get_model("people", "FieldRule")
    hidden = rule.objects.filter(record="catalog.product", field="cost", rule="hidden")
    without_costs = set(hidden.values_list("role_id", flat=True))
    for like, names in (("catalog.product", AS_PRODUCTS), ("parties.customer", AS_ORDERS)):
        for known in grant.objects.filter(record=like).exclude(action="hand_over"):
            for name in names:
                if name == "costchange" and known.role_id in without_costs:
                    continue
                grant.objects.get_or_create(
                    role_id=known.role_id, record=f"catalog.{name}", action=known.action,
                    defaults={"reach": known.reach},
                )


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0005_history_of_costs_and_no_rings"),
        ("people", "0006_tax_rate_of_the_company"),
    ]

    operations = [migrations.RunPython(grant_as_for_their_like, migrations.RunPython.noop)]

from django.db import migrations

SHOWN = ("creditlimit", "creditscore", "limitproposal", "paymentpromise", "dunningnotice")
# What a role may do with customers, and what that lets it do with receivables and credit.
FOLLOWS = {
    "view": tuple((f"trade.{name}", "view") for name in SHOWN),
    "export": tuple((f"trade.{name}", "export") for name in SHOWN),
    "add": (("trade.paymentpromise", "add"), ("trade.dunningnotice", "add")),
    "change": (("trade.paymentpromise", "change"),),
    "hand_over": (
        ("trade.creditlimit", "add"), ("trade.creditlimit", "change"), ("trade.limitproposal", "change"),
    ),
}
ALL = 4
TEXTS = {"view": ("view",), "hand_over": ("add", "change", "delete", "export")}


def grant(apps, editor):
    """Roles that are there already get rights to what is new, by those that they have to customers."""
    model = apps.get_model("people", "Grant")
    held = list(model.objects.filter(record="parties.customer", action__in=FOLLOWS))
    made = [
        model(role_id=each.role_id, record=record, action=action, reach=each.reach)
        for each in held
        for record, action in FOLLOWS[each.action]
    ]
    made += [
        model(role_id=each.role_id, record="trade.dunningtext", action=action, reach=ALL)
        for each in held
        for action in TEXTS.get(each.action, ())
    ]
    model.objects.bulk_create(made, ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [
        ('trade', '0006_receivables_and_credit'),
        ('people', '0004_signing_in'),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]

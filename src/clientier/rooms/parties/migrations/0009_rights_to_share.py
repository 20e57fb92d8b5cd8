from __future__ import annotations

from typing import Any

from django.db import migrations

ALL = 4


def give(apps: Any, schema_editor: Any) -> None:
    """Roles share customers as far as they tie them to each other; whoever sees customers may ask for a card."""
    grants = apps.get_model("people", "Grant").objects
    for known in list(grants.filter(record="parties.relation")):
        grants.get_or_create(
            role_id=known.role_id, record="parties.share", action=known.action, defaults={"reach": known.reach}
        )
    for known in list(grants.filter(record="parties.customer", action="view", reach__gt=0)):
        for action in ("view", "add"):
            grants.get_or_create(
                role_id=known.role_id, record="parties.loanrequest", action=action, defaults={"reach": ALL}
            )


class Migration(migrations.Migration):
    dependencies = [("parties", "0008_shares"), ("people", "0004_signing_in")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]

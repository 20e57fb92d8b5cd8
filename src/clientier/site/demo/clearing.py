"""Taking the sample company out again, whole, so that a company's own data can take its place."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from clientier.core import audit
from clientier.core.actor import Actor
from clientier.core.custom.models import CustomField
from clientier.core.errors import Conflict
from clientier.rooms.people.models import Organisation, Team, Territory, User

TRADED = (
    "value_move", "value_standing", "value_score", "value_valuerun", "value_valuepolicy",
    "trade_posting", "trade_journalentry", "trade_ledgerseal", "trade_debtoraccount", "trade_numberseries",
    "trade_settlement", "trade_payment", "trade_invoiceline", "trade_invoice", "trade_stockmove", "trade_stocklevel",
    "trade_reservation", "trade_deliveryline", "trade_delivery", "trade_orderline",
    "trade_order", "trade_costtoserve", "trade_currencyrate", "catalog_product",
    "catalog_category", "catalog_pricelist", "catalog_warehouse", "activities_interaction",
    "activities_task", "parties_address", "parties_contact", "parties_customer", "core_bulkchange",
    "core_trashedrecord", "kit_savedview", "stewardship_handover", "stewardship_upkeeppolicy",
    "stewardship_upkeepmark", "parties_sensitivefact", "kit_importfolder", "kit_importset",
)  # fmt: skip

# Books refuse to be emptied; those of a company that never was may be.
OF_SAMPLES = "AND tgrelid::regclass::text LIKE 'trade_%'"


class NoSampleData(Conflict):
    code = "no_sample_data"
    message = _("This installation holds no sample data. Nothing was removed.")


@transaction.atomic
def clear_sample_data(actor: Actor) -> None:
    """Empty everything but the audit, the roles and the account of who asks; refused where data are real."""
    company = Organisation.objects.select_for_update().get(pk=1)
    if not company.sample_data:
        raise NoSampleData
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'never_emptied' {OF_SAMPLES}"
        )
        books = [table for (table,) in cursor.fetchall()]
        for table in books:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER never_emptied")
        cursor.execute(f"TRUNCATE {', '.join(TRADED)} RESTART IDENTITY CASCADE")
        for table in books:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER never_emptied")
    CustomField.objects.all().delete()
    User.objects.filter(pk=actor.user).update(team=None, territory=None)
    User.objects.exclude(pk=actor.user).delete()
    for tree in (Team, Territory):
        while tree.objects.filter(children__isnull=True).delete()[0]:
            pass
    company.sample_data, company.name = False, ""
    company.save(update_fields=["sample_data", "name"])
    audit.note("demo.clear", Organisation, actor)

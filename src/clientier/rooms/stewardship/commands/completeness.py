"""Judging how complete cards are: one definition in the database, for one card as for a million."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Max

from clientier.core.models import AuditEntry, BulkChange, TrashedRecord
from clientier.rooms.parties.choices.profiles import BESIDE_OTHERS, GROUPS
from clientier.rooms.parties.models import CompanyProfile, Contact, Customer, PersonProfile
from clientier.rooms.stewardship.choices import BOTH, ITEMS, RULED_LIKE, TIERS
from clientier.rooms.stewardship.models import Confirmation, UpkeepMark
from clientier.rooms.stewardship.queries.rules import current_rules

REREAD = 2_000
"""Entries that are read once more: numbers are given out before they are visible to others."""
AT_ONCE = 50_000
WATCHED: dict[str, type[models.Model]] = {
    model._meta.label_lower: model
    for model in (Customer, Contact, CompanyProfile, PersonProfile, Confirmation)
}
_OF_CUSTOMER = {
    "phone": "c.phone <> ''", "email": "c.email <> ''", "city": "c.city <> ''", "owner": "c.owner_id IS NOT NULL",
    "website": "c.website <> ''", "industry": "c.industry <> ''", "employees": "c.employees IS NOT NULL",
    "registration": "c.registration_number <> ''",
    "contact": "coalesce(k.people, 0) > 0", "reachable": "coalesce(k.reachable, false)",
    "decider": "coalesce(k.decider, false)", "attitude": "coalesce(k.attitude, false)",
}  # fmt: skip
_PEOPLE = """
SELECT customer_id, count(*) AS people, bool_or(phone <> '' OR email <> '') AS reachable,
  bool_or(decision_role = 'decider') AS decider, bool_or(decision_role = 'decider' AND attitude <> '') AS attitude
FROM {contact} WHERE left_on IS NULL AND {only} GROUP BY customer_id
"""
_JUDGE = """
INSERT INTO stewardship_upkeep (customer_id, completeness, missing, confirmed_on)
SELECT c.id,
  CASE WHEN {whole} = 0 THEN 100 ELSE round(100.0 * ({held}) / ({whole})) END,
  array_remove(ARRAY[{missing}]::varchar(20)[], NULL), f.confirmed_on
FROM {customer} c
LEFT JOIN value_standing s ON s.customer_id = c.id
JOIN (VALUES {weights}) AS w (kind, tier, {names})
  ON w.kind = c.kind AND w.tier = coalesce(nullif(s.tier, ''), '{ruled_like}')
LEFT JOIN {company} p ON p.customer_id = c.id
LEFT JOIN {person} q ON q.customer_id = c.id
LEFT JOIN ({people}) k ON k.customer_id = c.id
LEFT JOIN (SELECT customer_id, max("on") AS confirmed_on FROM {confirmation}
  WHERE contact_id IS NULL AND {only} GROUP BY customer_id) f ON f.customer_id = c.id
WHERE {only_c}
ON CONFLICT (customer_id) DO UPDATE SET completeness = excluded.completeness, missing = excluded.missing,
  confirmed_on = excluded.confirmed_on
WHERE (stewardship_upkeep.completeness, stewardship_upkeep.missing, stewardship_upkeep.confirmed_on)
  IS DISTINCT FROM (excluded.completeness, excluded.missing, excluded.confirmed_on)
"""


@transaction.atomic
def judge_cards(customers: Sequence[int] | None = None) -> int:
    """Compute the state of these cards, or of all; returns how many changed."""
    rules, codes = current_rules(), list(ITEMS)
    rows = [(kind, tier) for kind in BOTH for tier in TIERS]
    weights = [
        [*row, *(rules["weights"][row[0]].get(code, [0] * 4)[TIERS.index(row[1])] for code in codes)]
        for row in rows
    ]
    only = "customer_id = ANY(%s)" if customers is not None else "TRUE"
    tables = {"contact": Contact, "customer": Customer, "company": CompanyProfile, "person": PersonProfile,
              "confirmation": Confirmation}  # fmt: skip
    names = {name: model._meta.db_table for name, model in tables.items()}
    holds = {code: _holds(code) for code in codes}
    statement = _JUDGE.format(
        **names,
        whole=" + ".join(f"w.{code}" for code in codes),
        held=" + ".join(f"CASE WHEN {holds[code]} THEN w.{code} ELSE 0 END" for code in codes),
        missing=", ".join(
            f"CASE WHEN w.{code} > 0 AND NOT ({holds[code]}) THEN '{code}' END" for code in codes
        ),
        weights=", ".join(f"({', '.join(['%s'] * (len(codes) + 2))})" for _ in weights),
        names=", ".join(codes),
        people=_PEOPLE.format(**names, only=only),
        only=only,
        only_c="c.id = ANY(%s)" if customers is not None else "TRUE",
        ruled_like=RULED_LIKE,
    )
    chosen = [] if customers is None else [list(customers)] * 3
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in weights for value in row] + chosen)
        return int(cursor.rowcount)


def judge_what_changed() -> int:
    """Judge the cards about which something was written since the last time; the trace tells which."""
    with transaction.atomic():
        UpkeepMark.objects.get_or_create(pk=1)
        mark = UpkeepMark.objects.select_for_update().get(pk=1)
        entries = AuditEntry.objects.filter(pk__gt=mark.entry_id - REREAD)
        changes = BulkChange.objects.filter(pk__gt=mark.change_id)
        customers = _touched(entries) | _left(entries) | _touched(changes)
        mark.entry_id = AuditEntry.objects.aggregate(last=Max("pk"))["last"] or 0
        mark.change_id = BulkChange.objects.aggregate(last=Max("pk"))["last"] or 0
        mark.save()
        if len(customers) > AT_ONCE:
            return judge_cards()
        return judge_cards(sorted(customers)) if customers else 0


def _touched(changes: models.QuerySet[Any]) -> set[int]:
    """The customers that these traces are about."""
    found: set[int] = set()
    pairs = list(changes.filter(record__in=WATCHED).order_by().values_list("record", "record_id").distinct())
    for kind, model in WATCHED.items():
        some: Any = model
        keys = [int(key) for record, key in pairs if record == kind]
        for at in range(0, len(keys), AT_ONCE):
            rows = some._default_manager.filter(pk__in=keys[at : at + AT_ONCE]).order_by()
            found.update(rows.values_list("pk" if model is Customer else "customer_id", flat=True))
    return found


def _left(entries: models.QuerySet[AuditEntry]) -> set[int]:
    """The customers from whom something was taken: what was deleted, or moved to another customer."""
    ours = entries.filter(record__in=WATCHED)
    moved = ours.filter(changes__has_key="customer_id").values_list("changes__customer_id", flat=True)
    gone = TrashedRecord.objects.filter(
        record__in=WATCHED, request_id__in=ours.order_by().values("request_id")
    ).values_list("values__customer_id", flat=True)
    return {key for pair in moved for key in pair if key} | {key for key in gone if key}


def _holds(code: str) -> str:
    """The condition under which a card has the thing; a group of the profile counts when half of it is filled in."""
    if code in _OF_CUSTOMER:
        return _OF_CUSTOMER[code]
    parts = {
        kind: _half(groups[code].fields, model, alias)
        for (kind, groups), model, alias in zip(
            GROUPS.items(), (CompanyProfile, PersonProfile), ("p", "q"), strict=True
        )
        if code in groups
    }
    return (
        "(CASE c.kind "
        + " ".join(f"WHEN '{kind}' THEN {held}" for kind, held in parts.items())
        + " ELSE false END)"
    )


def _half(fields: Sequence[str], model: type[models.Model], alias: str) -> str:
    names = [name for name in fields if name not in BESIDE_OTHERS]
    filled = []
    for name in names:
        stored: Any = model._meta.get_field(name)
        is_text = isinstance(stored, models.CharField | models.TextField)
        known = "<> ''" if is_text else "IS NOT NULL"
        filled.append(f"CASE WHEN {alias}.{stored.column} {known} THEN 1 ELSE 0 END")
    return f"({' + '.join(filled)} >= {(len(names) + 1) // 2})"

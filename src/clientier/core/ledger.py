"""Taking back, as a whole, what one request did to many records: from the values that it left behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.derived import derive
from clientier.core.errors import Conflict
from clientier.core.wording import listed

IDS_AT_A_TIME = 20_000
STANDING = "request_id = %s AND record = %s AND undone_by IS NULL"
LEDGER = f"SELECT record_id FROM core_bulkchange WHERE {STANDING}"
_followers: dict[type[models.Model], list[tuple[type[models.Model], str, models.Q]]] = {}


def goes_with(model: type[models.Model], follower: type[models.Model], path: str, only: models.Q) -> None:
    """Declare that followers are computed from the record at ``path``, and go when its making is undone."""
    access.field_at(follower, path)
    _followers.setdefault(model, []).append((follower, path, only))


def let_followers_go(record: models.Model) -> None:
    """Remove what was only computed from one record, so that it does not keep the record from going."""
    for follower, path, only in _followers.get(type(record), ()):
        follower._default_manager.filter(only, **{path: record}).delete()


@transaction.atomic
def undo(
    model: type[models.Model], *, actor: Actor, request_id: Any, since: dt.datetime | None = None
) -> int:
    """Put back the records of this kind as they were before that request; returns how many.

    ``since`` is when the request began, if it took long. Raises Conflict, with nothing changed, when a
    record was changed again since or when others have come to depend on it. What was changed and put back
    stays in the ledger as undone, for the history of the record; what was created and removed does not.
    """
    access.require(actor, model, "delete")
    table, label = model._meta.db_table, model._meta.label_lower
    params = [request_id, label]
    with connection.cursor() as cursor:
        _refuse_if_changed_since(cursor, model, params, since)
        _keep_what_goes(cursor, model, params)
        restored = _restore(cursor, model, params)
        created = f"{LEDGER} AND before IS NULL"
        _remove_followers(cursor, model, created, params)
        _refuse_if_depended_on(cursor, model, created, params)
        cursor.execute(f"DELETE FROM {table} WHERE id IN ({created})", params)
        removed = int(cursor.rowcount)
        derive(cursor, model, f"t.id IN ({LEDGER})", params)
        cursor.execute(
            f"DELETE FROM core_bulkchange WHERE {STANDING} AND record_id IN ({created})", [*params, *params]
        )
        done = f"UPDATE core_bulkchange SET undone_by = %s WHERE {STANDING}"
        cursor.execute(done, [actor.request_id, *params])
    return restored + removed


def _keep_what_goes(cursor: Any, model: type[models.Model], params: Sequence[Any]) -> None:
    cursor.execute(
        "UPDATE core_bulkchange b SET after = (SELECT jsonb_object_agg(name, to_jsonb(t) -> name) "
        f"FROM jsonb_object_keys(b.before) name) FROM {model._meta.db_table} t "
        f"WHERE t.id = b.record_id AND b.before IS NOT NULL AND {STANDING}",
        params,
    )


def _restore(cursor: Any, model: type[models.Model], params: Sequence[Any]) -> int:
    """Give the columns that were changed their first values of before the request."""
    cursor.execute(
        "SELECT DISTINCT jsonb_object_keys(before) FROM core_bulkchange "
        f"WHERE {STANDING} AND before IS NOT NULL",
        params,
    )
    changed = {name for (name,) in cursor.fetchall()}
    names = [f.column for f in model._meta.concrete_fields if f.column in changed]
    if not names:
        return 0
    former = f"jsonb_populate_record(NULL::{model._meta.db_table}, b.before)"
    settings = ", ".join(
        f'"{c}" = CASE WHEN b.before ? \'{c}\' THEN ({former})."{c}" ELSE t."{c}" END' for c in names
    )
    cursor.execute(
        f"UPDATE {model._meta.db_table} t SET {settings} FROM "
        "(SELECT DISTINCT ON (record_id) record_id, before FROM core_bulkchange "
        f"WHERE {STANDING} ORDER BY record_id, id) b "
        "WHERE b.record_id = t.id AND b.before IS NOT NULL",
        params,
    )
    return int(cursor.rowcount)


def _remove_followers(cursor: Any, model: type[models.Model], created: str, params: Sequence[Any]) -> None:
    if model not in _followers:
        return
    cursor.execute(created, params)
    gone = [record_id for (record_id,) in cursor.fetchall()]
    for follower, path, only in _followers[model]:
        for start in range(0, len(gone), IDS_AT_A_TIME):
            ids = gone[start : start + IDS_AT_A_TIME]
            found = follower._default_manager.filter(only, **{f"{path}__in": ids})
            found._raw_delete(found.db)


def _refuse_if_depended_on(
    cursor: Any, model: type[models.Model], created: str, params: Sequence[Any]
) -> None:
    """Name the kinds of records that refer to those about to go."""
    kinds = []
    for relation in model._meta.related_objects:
        other = relation.related_model
        column = relation.field.column
        cursor.execute(
            f'SELECT EXISTS (SELECT 1 FROM "{other._meta.db_table}" o WHERE o."{column}" IN ({created}) '
            + ("AND o.id NOT IN (" + created + ")" if other is model else "")
            + ")",
            [*params, *params] if other is model else params,
        )
        if cursor.fetchone()[0]:
            kinds.append(str(other._meta.verbose_name_plural))
    if kinds:
        raise Conflict(
            _("Other records have come to depend on these: %(kinds)s. Undo or remove those first.")
            % {"kinds": listed(sorted(set(kinds)))}
        )


def _refuse_if_changed_since(
    cursor: Any, model: type[models.Model], params: Sequence[Any], since: dt.datetime | None
) -> None:
    """By another bulk write, or by hand."""
    # The planner must know how long the ledger has become: without it, this takes minutes for 60,000 rows.
    cursor.execute("ANALYZE core_bulkchange")
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM core_bulkchange b JOIN core_bulkchange later "
        "ON later.record = b.record AND later.record_id = b.record_id AND later.id > b.id "
        "AND later.request_id <> b.request_id AND later.undone_by IS NULL "
        "WHERE b.request_id = %s AND b.record = %s AND b.undone_by IS NULL)",
        params,
    )
    changed = bool(cursor.fetchone()[0])
    if not changed:
        cursor.execute(
            "WITH by_hand AS MATERIALIZED (SELECT DISTINCT record_id::bigint AS id FROM core_auditentry "
            "WHERE record = %s AND record_id <> '' AND request_id <> %s "
            "AND at > coalesce(%s, (SELECT max(at) FROM core_auditentry WHERE request_id = %s))) "
            "SELECT EXISTS (SELECT 1 FROM by_hand JOIN core_bulkchange b ON b.record_id = by_hand.id "
            "WHERE b.request_id = %s AND b.record = %s AND b.undone_by IS NULL)",
            [params[1], params[0], since, params[0], *params],
        )
        changed = bool(cursor.fetchone()[0])
    if changed:
        raise Conflict(
            _("Some of the %(kinds)s were changed again since. Nothing was undone.")
            % {"kinds": model._meta.verbose_name_plural}
        )

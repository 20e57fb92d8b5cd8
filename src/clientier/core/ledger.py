"""Taking back, as a whole, what one request did to many records: from the values that it left behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from clientier.core import access, entrusting
from clientier.core.actor import Actor
from clientier.core.derived import derive
from clientier.core.errors import Conflict
from clientier.core.wording import listed

IDS_AT_A_TIME = 20_000
LEFT = "undo_left"
CREATE_LEFT = f"CREATE TEMP TABLE {LEFT} (record_id bigint PRIMARY KEY) ON COMMIT DROP"
STANDING = (
    "request_id = %s AND record = %s AND undone_by IS NULL "
    f"AND NOT EXISTS (SELECT 1 FROM {LEFT} l WHERE l.record_id = core_bulkchange.record_id)"
)
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
    model: type[models.Model],
    *,
    actor: Actor,
    request_id: Any,
    since: dt.datetime | None = None,
    leave_changed: bool = False,
    leave_below: tuple[str, Collection[int]] | None = None,
) -> int:
    """Put back the records of this kind as they were before that request; returns how many.

    ``since`` is when the request began, if it took long. Raises Conflict, with nothing changed, when a
    record was changed again since, others have come to depend on it, or it would go back to somebody who may not
    sign in any more; with ``leave_changed`` just those are left as they are, and stand in the ledger as not undone;
    and those of which the column named in ``leave_below`` holds one of the ids. What was changed and put back
    stays there as undone, for the history of the record; what was created and removed does not.
    """
    access.require(actor, model, "delete")
    table, params = model._meta.db_table, [request_id, model._meta.label_lower]
    with connection.cursor() as cursor:
        cursor.execute(CREATE_LEFT)
        _find_changed_since(cursor, model, params, since)
        if leave_below and leave_below[1]:
            cursor.execute(
                f'INSERT INTO {LEFT} SELECT id FROM {table} WHERE "{leave_below[0]}" = ANY(%s) '
                f"AND id IN ({LEDGER}) ON CONFLICT DO NOTHING",
                [list(leave_below[1]), *params],
            )
        _find_not_given(cursor, model, params, leave=leave_changed)
        if not leave_changed:
            _refuse_if_left(cursor, _changed_words(model))
        _keep_what_goes(cursor, model, params)
        restored = _restore(cursor, model, params)
        created = f"{LEDGER} AND before IS NULL"
        kinds = _find_depended_on(cursor, model, created, params)
        if not leave_changed:
            _refuse_if_left(cursor, _dependent_words(kinds))
        _remove_followers(cursor, model, created, params)
        cursor.execute(f"DELETE FROM {table} WHERE id IN ({created})", params)
        removed = int(cursor.rowcount)
        derive(cursor, model, f"t.id IN ({LEDGER})", params)
        cursor.execute(
            f"DELETE FROM core_bulkchange WHERE {STANDING} AND record_id IN ({created})", [*params, *params]
        )
        done = f"UPDATE core_bulkchange SET undone_by = %s WHERE {STANDING}"
        cursor.execute(done, [actor.request_id, *params])
        cursor.execute(f"DROP TABLE {LEFT}")
    return restored + removed


@transaction.atomic
def changed_since(model: type[models.Model], *, request_id: Any, since: dt.datetime | None) -> set[int]:
    """The records that the request wrote and that were changed again since."""
    with connection.cursor() as cursor:
        cursor.execute(CREATE_LEFT)
        _find_changed_since(cursor, model, [request_id, model._meta.label_lower], since)
        cursor.execute(f"SELECT record_id FROM {LEFT}")
        found = {record_id for (record_id,) in cursor.fetchall()}
        cursor.execute(f"DROP TABLE {LEFT}")
    return found


def _find_not_given(cursor: Any, model: type[models.Model], params: Sequence[Any], *, leave: bool) -> None:
    """Set aside what would go back to somebody who may not sign in any more, or refuse the whole."""
    users = get_user_model()._meta.db_table
    for given, there in entrusting.given_before(model):
        cursor.execute(
            f"INSERT INTO {LEFT} SELECT DISTINCT b.record_id FROM core_bulkchange b "
            f"JOIN {model._meta.db_table} t ON t.id = b.record_id AND {there} IS DISTINCT FROM {given} "
            f"JOIN {users} u ON u.id = {given} AND NOT u.is_active "
            f"WHERE {STANDING.replace('core_bulkchange', 'b')} ON CONFLICT DO NOTHING",
            params,
        )
        if cursor.rowcount and not leave:
            raise Conflict(_("Somebody who had one of these may not sign in any more. Nothing was undone."))


def _refuse_if_left(cursor: Any, words: str) -> None:
    cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {LEFT})")
    if cursor.fetchone()[0]:
        raise Conflict(words)


def _changed_words(model: type[models.Model]) -> str:
    words = _("Some of the %(kinds)s were changed again since. Nothing was undone.")
    return words % {"kinds": model._meta.verbose_name_plural}


def _dependent_words(kinds: Sequence[str]) -> str:
    words = _("Other records have come to depend on these: %(kinds)s. Undo or remove those first.")
    return words % {"kinds": listed(sorted(set(kinds)))}


def _keep_what_goes(cursor: Any, model: type[models.Model], params: Sequence[Any]) -> None:
    cursor.execute(
        "UPDATE core_bulkchange b SET after = (SELECT jsonb_object_agg(name, to_jsonb(t) -> name) "
        f"FROM jsonb_object_keys(b.before) name) FROM {model._meta.db_table} t "
        f"WHERE t.id = b.record_id AND b.before IS NOT NULL AND {STANDING.replace('core_bulkchange', 'b')}",
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


def _find_depended_on(
    cursor: Any, model: type[models.Model], created: str, params: Sequence[Any]
) -> list[str]:
    """Set aside the records about to go that others refer to, and those these refer to; name the others' kinds."""
    kinds: list[str] = []
    more = True
    while more:
        more = False
        for relation in model._meta.related_objects:
            other, column = relation.related_model, relation.field.column
            staying = _staying(model, relation, created)
            if staying is None:
                continue
            cursor.execute(
                f'INSERT INTO {LEFT} SELECT DISTINCT o."{column}" FROM "{other._meta.db_table}" o '
                f'WHERE o."{column}" IN ({created}) AND {staying[0]} ON CONFLICT DO NOTHING',
                [*params, *(params if other is model else staying[1])],
            )
            if cursor.rowcount:
                kinds.append(str(other._meta.verbose_name_plural))
                more = more or other is model
    return kinds


def _staying(model: type[models.Model], relation: Any, created: str) -> tuple[str, Sequence[Any]] | None:
    """Which of the records that refer to one about to go would stay; None when all of them go with it."""
    other = relation.related_model
    if other is model:
        return f"NOT EXISTS ({created} AND record_id = o.id)", ()
    for follower, path, only in _followers.get(model, []):
        if follower is other and path == relation.field.name:
            if not only:
                return None
            chosen = follower._default_manager.filter(only).values("pk").query.sql_with_params()
            # NOT IN would hold each row against a million others as soon as these do not fit into memory.
            return f"NOT EXISTS (SELECT FROM ({chosen[0]}) going(id) WHERE going.id = o.id)", chosen[1]
    return "TRUE", ()


def _find_changed_since(
    cursor: Any, model: type[models.Model], params: Sequence[Any], since: dt.datetime | None
) -> None:
    """Set aside what was changed by another bulk write, or by hand."""
    # The planner must know how long the ledger has become: without it, this takes minutes for 60,000 rows.
    cursor.execute("ANALYZE core_bulkchange")
    cursor.execute(
        f"INSERT INTO {LEFT} SELECT DISTINCT b.record_id FROM core_bulkchange b JOIN core_bulkchange later "
        "ON later.record = b.record AND later.record_id = b.record_id AND later.id > b.id "
        "AND later.request_id <> b.request_id AND later.undone_by IS NULL "
        "WHERE b.request_id = %s AND b.record = %s AND b.undone_by IS NULL",
        params,
    )
    cursor.execute(
        "WITH by_hand AS MATERIALIZED (SELECT DISTINCT record_id::bigint AS id FROM core_auditentry "
        "WHERE record = %s AND record_id <> '' AND request_id <> %s "
        "AND at > coalesce(%s, (SELECT max(at) FROM core_auditentry WHERE request_id = %s))) "
        f"INSERT INTO {LEFT} SELECT DISTINCT b.record_id FROM by_hand "
        "JOIN core_bulkchange b ON b.record_id = by_hand.id "
        "WHERE b.request_id = %s AND b.record = %s AND b.undone_by IS NULL ON CONFLICT DO NOTHING",
        [params[1], params[0], since, params[0], *params],
    )

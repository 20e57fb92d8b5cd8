"""All that refers to one record made to refer to another, found from the models, and put back again.

No list says what belongs to a customer: whatever kind of record comes to refer to one is moved without being named
here. Where both sides have what there may be only one of, such as a profile, the two are folded into one: blanks are
filled, long texts are joined, and the other is set aside, whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, connection, models, transaction

from clientier.core import audit
from clientier.core.custom.values import COLUMN
from clientier.core.money import MoneyField
from clientier.kit import resource
from clientier.rooms.duplicates.queries.references import custom_references, references

Key = Any
Change = list[Any]


@dataclass
class Journal:
    """What was done, ready for JSON: rows that moved, rows set aside, and fields that were filled."""

    moved: list[dict[str, Any]] = field(default_factory=list)
    set_aside: list[dict[str, Any]] = field(default_factory=list)
    filled: list[dict[str, Any]] = field(default_factory=list)

    def counts(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for each in self.moved:
            found[each["record"]] += len(each["keys"])
        for each in self.set_aside:
            found[each["record"]] += 1
        return found


def move(lost: Key, kept: Key, model: type[models.Model], *, apart: Iterable[Key] = ()) -> Journal:
    """Make all that refers to ``lost`` refer to ``kept``. Rows of the same kind that are ``apart`` stay."""
    journal = Journal()
    for related, key in references(model):
        found = related._base_manager.filter(**{key.name: lost})
        if related is model:
            found = found.exclude(pk__in=[lost, kept, *apart])
        keys = list(found.select_for_update().order_by("pk").values_list("pk", flat=True))
        if keys:
            _move_rows(journal, related, key, keys, lost, kept)
    for related, each in custom_references(model):
        found = related._base_manager.all()
        if related is model:
            found = found.exclude(pk__in=[lost, kept, *apart])
        if keys := point_custom(found, each.code, lost, kept):
            label = related._meta.label_lower
            journal.moved.append(
                {"record": label, "field": each.path, "keys": keys, "to": kept, "from": lost}
            )
    return journal


def point_custom(found: models.QuerySet[Any], code: str, lost: Key, kept: Key) -> list[Key]:
    """Have those of the records whose custom field refers to the one refer to the other; returns their keys."""
    held = found.filter(**{f"{COLUMN}__contains": {code: lost}})
    keys = list(held.select_for_update().order_by("pk").values_list("pk", flat=True))
    table = found.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" SET {COLUMN} = jsonb_set({COLUMN}, %s, to_jsonb(%s::bigint)) WHERE id = ANY(%s)',
            [[code], kept, keys],
        )
    return keys


def _move_rows(
    journal: Journal, model: type[models.Model], key: Any, keys: list[Key], lost: Key, kept: Key
) -> None:
    twins = _twins(model, key, keys, kept)
    for each, twin in twins.items():
        _fold(journal, model, each, twin)
    rest = [each for each in keys if each not in twins]
    went = _point(model, key, rest, kept)
    for each in rest:
        if each not in went:
            _set_aside(journal, model, each)
    if went:
        now = [kept] if key.primary_key else sorted(went)
        label = model._meta.label_lower
        journal.moved.append({"record": label, "field": key.name, "keys": now, "to": kept, "from": lost})


def _point(model: type[models.Model], key: Any, keys: Sequence[Key], to: Key) -> set[Key]:
    """Have these rows refer to another record; those that the database refuses are left, and not returned."""
    every = model._base_manager.filter(pk__in=keys)
    try:
        with transaction.atomic():
            every.update(**{key.name: to})
        return set(keys)
    except IntegrityError:
        if len(keys) == 1:
            return set()
    return {each for one in keys for each in _point(model, key, [one], to)}


def _twins(model: type[models.Model], key: Any, keys: Sequence[Key], kept: Key) -> dict[Key, Key]:
    """Rows that cannot stand beside one that the other record has already, each with that one."""
    twins: dict[Key, Key] = {}
    for names, nothing_is_equal in _unique_together(model, key):
        others = [name for name in names if name != key.name]
        if key.name not in names:
            continue
        there = {tuple(row[1:]): row[0] for row in _rows(model, {key.name: kept}, others)}
        for row in _rows(model, {"pk__in": keys}, others):
            if (None not in row[1:] or nothing_is_equal) and tuple(row[1:]) in there:
                twins.setdefault(row[0], there[tuple(row[1:])])
    return twins


def _rows(model: type[models.Model], only: dict[str, Any], names: list[str]) -> Iterator[Sequence[Any]]:
    yield from model._base_manager.filter(**only).order_by("pk").values_list("pk", *names)


def _unique_together(model: type[models.Model], key: Any) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The sets of fields in which no two rows may be the same; and whether nothing is equal to nothing in them.

    A model names in ``SAME_IF_EQUAL`` the fields in which two of its rows say the same, without a constraint.
    """
    if key.unique:
        yield (key.name,), False
    for names in model._meta.unique_together:
        yield tuple(names), False
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            yield tuple(constraint.fields), False
    if names := getattr(model, "SAME_IF_EQUAL", ()):
        yield tuple(names), True


def _fold(journal: Journal, model: type[models.Model], lost: Key, kept: Key) -> None:
    """Put what the one holds into the other as far as there is room, and set the one aside."""
    shown = resource.of(model)
    if shown is not None and shown.form:  # what people enter; what is computed is computed again
        _fill(journal, model, lost, kept, shown.form_fields)
    deeper = move(lost, kept, model)
    journal.moved += deeper.moved
    journal.set_aside += deeper.set_aside
    journal.filled += deeper.filled
    _set_aside(journal, model, lost)


def _fill(journal: Journal, model: type[models.Model], lost: Key, kept: Key, names: tuple[str, ...]) -> None:
    giving, taking = model._base_manager.get(pk=lost), model._base_manager.get(pk=kept)
    before = audit.snapshot(taking)
    for name in _of_one_currency(model, taking, giving, names):
        model_field: Any = model._meta.get_field(name)
        setattr(taking, model_field.attname, joined(model_field, taking, giving))
    after = audit.snapshot(taking)
    changes = {n: [before[n], after[n]] for n in before if before[n] != after[n]}
    if changes:
        taking.save()
        journal.filled.append({"record": model._meta.label_lower, "key": kept, "changes": changes})


def _of_one_currency(
    model: type[models.Model], taking: Any, giving: Any, names: tuple[str, ...]
) -> tuple[str, ...]:
    """The fields without the amounts, where those are of another currency; all, where only one side has amounts."""
    amounts = [name for name in names if isinstance(model._meta.get_field(name), MoneyField)]
    if not amounts or getattr(taking, "currency", "") == getattr(giving, "currency", ""):
        return names
    if all(getattr(taking, name) is None for name in amounts):
        taking.currency = giving.currency
        return names
    return tuple(name for name in names if name not in amounts)


def joined(model_field: Any, taking: Any, giving: Any) -> Any:
    """The value that stands, else the other's; long texts that differ, one under the other."""
    one, other = getattr(taking, model_field.attname), getattr(giving, model_field.attname)
    if one in (None, "") or other in (None, "") or one == other:
        return other if one in (None, "") else one
    if isinstance(model_field, models.TextField) and other not in one:
        return f"{one}\n\n{other}"
    return one


def _set_aside(journal: Journal, model: type[models.Model], key: Key) -> None:
    """Keep the row whole, with all that would go with it, and take it away."""
    record = model._base_manager.get(pk=key)
    along = audit.dependents(record)
    own = {"record": model._meta.label_lower, "values": audit.snapshot(record)}
    journal.set_aside += [own, *(taken for taken in along if "key" not in taken)]
    record.delete()

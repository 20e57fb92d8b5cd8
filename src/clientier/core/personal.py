"""What records tell of persons, and how the trace of it can be forgotten although the audit never changes.

A model says with ``PERSONAL`` whom its records tell of, which of its fields are personal, and what becomes of them
when the person is forgotten. In the audit such values are encrypted with a key of that person alone; whoever
deletes the key makes them unreadable, and the chain of hashes holds (``docs/decisions/0011-forgetting.md``).
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core.access import field_at

KEY_BYTES = 16
NONCE_BYTES = 12
SEALED = "~"
Person = tuple[str, int]
OWN_WORK = gettext_lazy("Who did what, and when, is the company's own record; it says nothing of the person.")


@dataclass(frozen=True, kw_only=True)
class Personal:
    """``paths`` lead to the person's record (empty: it is one); the first that leads anywhere names the person.

    ``erased`` fields are emptied when the person is forgotten, ``kept`` ones stay, for the reason ``why``;
    a record that ``goes`` is deleted whole. ``dated`` is the day or moment that counts as activity. A record that
    may be a person or a company says with ``when``, a field and its value, when it is a person.
    """

    paths: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    goes: bool = False
    dated: str = ""
    when: tuple[str, str] | None = None
    why: str | Promise = field(default="", compare=False)


class Erased:
    """Stands where a value was that nobody can read any more."""

    def __str__(self) -> str:
        return _("erased")


def personal_of(model: type[Model]) -> Personal | None:
    """What the model says of persons, if it says anything."""
    return getattr(model, "PERSONAL", None)


def persons_of(record: Model, key: Any = None) -> list[Person]:
    """Whom the record tells of: kinds and keys of the persons' own records; ``key`` is its own where that is gone.

    A record may tell of others than it refers to: its ``also_tells_of()`` says of whom.
    """
    said = personal_of(type(record))
    if said is None:
        return []
    if not said.paths:
        return [(record._meta.label_lower, record.pk or key)]
    found: set[Person] = set(record.also_tells_of()) if hasattr(record, "also_tells_of") else set()
    for path in said.paths:
        if "__" not in path:
            link: Any = record._meta.get_field(path)
            if (target := getattr(record, link.attname)) is not None:
                found.add((link.related_model._meta.label_lower, target))
    return sorted(found)


def sealed_columns(model: type[Model]) -> frozenset[str]:
    """The columns whose values the audit keeps encrypted."""
    said = personal_of(model)
    if said is None:
        return frozenset()
    fields: Any = model._meta.concrete_fields
    own = {f.attname for f in fields if not f.is_relation and not f.primary_key}
    if said.goes:
        return frozenset(own - {*said.kept})
    return frozenset(own & {*said.erased})


def seal(
    record: Model, key: Any, label: str, changes: dict[str, Any], also: Iterable[Person] = ()
) -> tuple[str, dict[str, Any]]:
    """The label and the changes as the audit keeps them: of persons, encrypted with the keys of them all.

    Forgetting one of them is enough to make the values unreadable; ``also`` are those whose values came into these.
    """
    columns, persons = sealed_columns(type(record)), sorted({*persons_of(record, key), *also})
    if not persons or not columns:
        return label, changes
    cipher = _cipher(_keys_for(persons), persons)
    kept: dict[str, Any] = {
        # A custom value stands by itself in the audit, as ``custom__code``.
        name: [_sealed(value, cipher) for value in pair] if name.partition("__")[0] in columns else pair
        for name, pair in changes.items()
    }
    kept[SEALED] = [[f"{kind}:{number}" for kind, number in persons], _sealed(label, cipher)]
    return "", kept


def seal_text(text: str, person: Person) -> str:
    """One text that can be forgotten with the person; ``open_texts`` reads it."""
    return str(_sealed(text, _cipher(_keys_for([person]), [person]))[SEALED]) if text else ""


def open_texts(sealed: Iterable[tuple[Person, str]]) -> list[str]:
    """The texts again, in order; “erased” for those that are forgotten."""
    found = list(sealed)
    keys = _known_keys({person for person, text in found if text})
    return [
        str(_opened({SEALED: text}, _cipher(keys, [person]) if person in keys else None)) if text else ""
        for person, text in found
    ]


def open_entries(entries: Iterable[Any]) -> None:
    """Put the values back into these audit entries that were read, in memory alone."""
    sealed = [
        (entry, [_person(text) for text in entry.changes[SEALED][0]])
        for entry in entries
        if SEALED in entry.changes
    ]
    if not sealed:
        return
    keys = _known_keys({person for _entry, persons in sealed for person in persons})
    for entry, persons in sealed:
        cipher = _cipher(keys, persons) if all(person in keys for person in persons) else None
        entry.label = str(_opened(entry.changes.pop(SEALED)[1], cipher))
        entry.changes = {
            name: [_opened(value, cipher) for value in pair] for name, pair in entry.changes.items()
        }


def has_erased_values(entry: Any) -> bool:
    """Whether an audit entry that was opened tells of values that nobody can read any more."""
    return any(isinstance(value, Erased) for pair in entry.changes.values() for value in pair)


Values = dict[str, Any]


def told_of(kind: str, key: int) -> list[tuple[str, Values]]:
    """By which column values kept records of each kind tell of this person."""
    found = []
    for model, path in models_that_tell_of(kind):
        if "__" not in path:
            column: Any = model._meta.get_field(path)
            found.append((model._meta.label_lower, {column.attname: key}))
    return found


def forget(person: Person) -> None:
    """Delete the person's key: what the audit holds under it is unreadable from now on, for everybody."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_personkey WHERE record = %s AND record_id = %s", person)


def is_person(model: type[Model] | None, values: dict[str, Any]) -> bool:
    """Whether a record of this kind with these values is a person's own."""
    said = personal_of(model) if model else None
    if said is None or said.paths:
        return False
    return said.when is None or values.get(said.when[0]) == said.when[1]


def models_that_tell_of(label: str) -> list[tuple[type[Model], str]]:
    """Every model with a path to persons of this kind, and the path; one model may have several."""
    found = []
    for model in apps.get_models():
        said = personal_of(model)
        for path in said.paths if said else ():
            target: Any = field_at(model, path).related_model
            if target._meta.label_lower == label:
                found.append((model, path))
    return found


def _person(text: str) -> Person:
    record, _colon, key = text.rpartition(":")
    return record, int(key)


def _sealed(value: Any, cipher: AESGCM) -> Any:
    if value is None or value == "":
        return value
    nonce = os.urandom(NONCE_BYTES)
    secret = cipher.encrypt(nonce, json.dumps(value, ensure_ascii=False).encode(), None)
    return {SEALED: base64.b64encode(nonce + secret).decode("ascii")}


def _opened(value: Any, cipher: AESGCM | None) -> Any:
    if not isinstance(value, dict) or SEALED not in value:
        return value
    if cipher is None:
        return Erased()
    secret = base64.b64decode(value[SEALED])
    try:
        return json.loads(cipher.decrypt(secret[:NONCE_BYTES], secret[NONCE_BYTES:], None))
    except InvalidTag:  # written before the person was forgotten, and a new key was made since
        return Erased()


def _keys_for(persons: list[Person]) -> dict[Person, bytes]:
    """The persons' keys, each made at the first thing that is written down about them."""
    keys = _known_keys(set(persons))
    for person in persons:
        if person not in keys:
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO core_personkey (record, record_id, key) VALUES (%s, %s, %s) "
                    "ON CONFLICT (record, record_id) DO UPDATE SET record = excluded.record RETURNING key",
                    [*person, os.urandom(KEY_BYTES)],
                )
                keys[person] = bytes(cursor.fetchone()[0])
    return keys


def _known_keys(persons: set[Person]) -> dict[Person, bytes]:
    """The keys of those who are not forgotten, with one question."""
    if not persons:
        return {}
    wanted = sorted(persons)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.record, k.record_id, k.key FROM core_personkey k "
            "JOIN unnest(%s::text[], %s::bigint[]) AS w (record, record_id) USING (record, record_id)",
            [[record for record, _key in wanted], [key for _record, key in wanted]],
        )
        return {(record, key): bytes(secret) for record, key, secret in cursor.fetchall()}


def _cipher(keys: dict[Person, bytes], persons: list[Person]) -> AESGCM:
    """One key of them all; of one person, their own."""
    joined = b"".join(keys[person] for person in persons)
    return AESGCM(joined if len(persons) == 1 else hashlib.sha256(joined).digest())

"""The custom fields of each kind of record, as every process may trust them.

They are read from the database once, and again when the mark beside them has changed. The mark is asked for
once a request (``held``), and otherwise at every use: it is one row.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.utils.functional import lazystr
from django.utils.translation import get_language

from clientier.core.custom.models import CustomField, DefinitionsMark, Kind

PREFIX = "custom__"
NEVER_CHANGED = UUID(int=0)
Words = Mapping[str, str]
_referred: dict[str, str] = {Kind.USER: settings.AUTH_USER_MODEL}


def refer_to(kind: Kind, label: str) -> None:
    """Let the room that has such records say which model the fields of this kind refer to."""
    _referred[kind] = label


@dataclass(frozen=True)
class Choice:
    code: str
    names: Words
    tone: str = ""
    retired: bool = False

    def __str__(self) -> str:
        return said(self.names, self.code)


@dataclass(frozen=True, eq=False, kw_only=True)
class Definition:
    """One custom field, read-only and shared by all threads; see ``CustomField`` for what the parts mean."""

    record: str
    code: str
    kind: Kind
    names: Words
    group: Words = field(default_factory=dict)
    helps: Words = field(default_factory=dict)
    place: int = 50
    unit: str = ""
    currency: str = ""
    required: bool = False
    default: Any = None
    lowest: str = ""
    highest: str = ""
    choices: tuple[Choice, ...] = ()
    applies: Mapping[str, list[str]] = field(default_factory=dict)
    formula: str = ""
    result: str = ""
    listed: bool = False
    searchable: bool = False
    indexed: bool = False
    retired: bool = False

    @property
    def path(self) -> str:
        """How the field is called wherever fields are called by their names: in lists, forms, changes, rules."""
        return f"{PREFIX}{self.code}"

    @cached_property
    def label(self) -> Any:
        """The name, in the language that is active when it is read."""
        return lazystr(_Said(self.names, self.code))

    @property
    def holds(self) -> str:
        """The kind of its values: for a formula, of what it computes."""
        return self.result if self.kind is Kind.FORMULA else self.kind

    @property
    def refers_to(self) -> type[models.Model] | None:
        label = _referred.get(self.kind)
        return apps.get_model(label) if label else None

    @cached_property
    def by_choice(self) -> dict[str, Choice]:
        return {choice.code: choice for choice in self.choices}

    def applies_to(self, facts: Mapping[str, Any]) -> bool:
        """Whether the field makes sense for a record with these values; what is not known decides nothing."""
        return all(facts[name] in values for name, values in self.applies.items() if facts.get(name))


@dataclass(frozen=True)
class _Said:
    names: Words
    otherwise: str

    def __str__(self) -> str:
        return said(self.names, self.otherwise)


def said(names: Words, otherwise: str = "") -> str:
    """The words in the active language, or in the nearest that there are words in."""
    language = get_language() or "en"
    nearest = ("zh-hans", "zh-hant", "en") if language.startswith("zh") else ("en", "zh-hans", "zh-hant")
    return next((names[each] for each in (language, *nearest) if names.get(each)), otherwise)


def definition(row: CustomField) -> Definition:
    """The definition that a stored row holds."""
    kept = {part.name: getattr(row, part.name) for part in fields(Definition)}
    choices = tuple(Choice(**choice) for choice in row.choices)
    return Definition(**{**kept, "kind": Kind(row.kind), "choices": choices})


@dataclass(frozen=True)
class _Known:
    mark: UUID
    by_record: Mapping[str, Mapping[str, Definition]]

    @cached_property
    def in_use(self) -> Mapping[str, Mapping[str, Definition]]:
        return {
            record: {code: each for code, each in found.items() if not each.retired}
            for record, found in self.by_record.items()
        }


_known: _Known | None = None
_asked = threading.local()


def every(model: type[models.Model]) -> Mapping[str, Definition]:
    """All custom fields of this kind of record by code, retired ones too, in their order."""
    if not takes_custom_fields(model):
        return {}
    return _current().by_record.get(model._meta.label_lower, {})


def live(model: type[models.Model]) -> Mapping[str, Definition]:
    """Those that are not retired."""
    if not takes_custom_fields(model):
        return {}
    return _current().in_use.get(model._meta.label_lower, {})


def at(model: type[models.Model], path: str) -> Definition | None:
    """The custom field that is called ``custom__code``, if there is one in use."""
    return live(model).get(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None


def takes_custom_fields(model: type[models.Model]) -> bool:
    return bool(getattr(model, "TAKES_CUSTOM_FIELDS", False))


@contextmanager
def held(mark: UUID | None = None) -> Iterator[None]:
    """Inside, the mark is asked for once, or not at all where it is ``mark``."""
    depth = getattr(_asked, "depth", 0)
    _asked.depth = depth + 1
    if mark and not depth:
        _asked.known = _of(mark)
    try:
        yield
    finally:
        _asked.depth = depth
        if not depth:
            _asked.known = None


@contextmanager
def held_of(model: type[models.Model]) -> Iterator[None]:
    """Inside, nothing is asked of the database about this kind of record: it may be busy with a COPY."""
    with held():
        live(model)
        yield


def forget() -> None:
    """What this thread holds may have changed by its own doing."""
    _asked.known = None


def hold_still() -> None:
    """Keep all definitions as they are until this transaction ends; others may write records meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark FROM core_definitionsmark WHERE id = 1 FOR SHARE")
    forget()


def begin_change() -> None:
    """Wait for everybody who writes by the definitions of before; then every process knows that they change."""
    DefinitionsMark.objects.get_or_create(pk=1)
    DefinitionsMark.objects.filter(pk=1).update(mark=uuid4())
    forget()


def _current() -> _Known:
    kept: _Known | None = getattr(_asked, "known", None)
    is_held = bool(getattr(_asked, "depth", 0))
    if is_held and kept:
        return kept
    mark = DefinitionsMark.objects.filter(pk=1).values_list("mark", flat=True).first()
    current = _of(mark or NEVER_CHANGED)
    _asked.known = current if is_held else None  # what was known before it was held may be old by then
    return current


def _of(mark: UUID) -> _Known:
    global _known
    current = _known
    if current is None or current.mark != mark:
        current = _known = _Known(mark, _read())
    return current


def _read() -> Mapping[str, Mapping[str, Definition]]:
    found: dict[str, dict[str, Definition]] = {}
    for row in CustomField.objects.order_by("record", "place", "code"):
        found.setdefault(row.record, {})[row.code] = definition(row)
    return found

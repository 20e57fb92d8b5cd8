"""Resource × right × door: what may not be written is not, and hidden fields appear nowhere. Rows: ``test_leaks``."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models import Field, Model
from django.test import Client

from clientier.core.actor import Reach
from clientier.core.models import AuditEntry
from clientier.rooms.people.models import User
from tests import factories as make
from tests.contracts.subjects import REFUSES_EVERY_CHANGE, SLUGS, SUBJECTS, WRITTEN, made, resource

pytestmark = pytest.mark.django_db


def can_see_everything_else(user: User, slug: str) -> None:
    """Rights on all other kinds, so that only the one in question is in question."""
    kind = resource(slug).model._meta.label_lower
    others = {resource(s).model._meta.label_lower for s in SLUGS} | {"value.standing"}
    make.grant_all(user.role, dict.fromkeys(others - {kind}, Reach.ALL))


@pytest.fixture
def people() -> SimpleNamespace:
    return SimpleNamespace(own=make.some_user(team=make.some_team(), territory=make.some_territory()))


def stored(record: Model) -> list[Any]:
    return list(type(record)._default_manager.filter(pk=record.pk).values())


def attempts(slug: str, record: Any, browser: Client, api: Client) -> list[Any]:
    """Every door by which the record could be changed, tried in turn."""
    base, key, subject = f"/{slug}/", record.pk, SUBJECTS[slug]
    tried = [
        browser.post(f"{base}{key}/delete/"),
        browser.post(f"{base}bulk/", {"action": "delete", "ids": [key]}),
        browser.post(f"{base}bulk/", {"action": "hand_over", "ids": [key], "owner": record.pk}),
    ]
    if subject.field:
        body = json.dumps({subject.field: subject.value})
        tried += [
            browser.get(f"{base}{key}/edit/"),
            browser.post(f"{base}{key}/edit/", {subject.field: subject.value}),
            api.patch(f"/api/v1{base}{key}", body, "application/json"),
            api.delete(f"/api/v1{base}{key}"),
        ]
    return tried


@pytest.mark.parametrize("slug", SLUGS)
def test_no_door_changes_a_row_that_may_only_be_seen(slug: str, people: SimpleNamespace) -> None:
    record = made(slug, people.own)
    for kind in (resource(slug).model._meta.label_lower, *getattr(resource(slug).model, "NAMED_AFTER", ())):
        make.grant(people.own.role, kind, Reach.ALL, ["view"])
    before, entries = stored(record), AuditEntry.objects.count()
    tried = attempts(slug, record, make.signed_in(people.own), make.speaking(people.own))
    assert {response.status_code for response in tried} == {403} | (
        {400} if 400 in {t.status_code for t in tried} else set()
    )
    assert stored(record) == before
    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize("slug", WRITTEN)
def test_without_the_right_to_add_no_door_adds(slug: str, people: SimpleNamespace) -> None:
    model = resource(slug).model
    make.grant(people.own.role, model._meta.label_lower, Reach.ALL, ["view", "change"])
    number = model._default_manager.count()
    assert make.signed_in(people.own).get(f"/{slug}/new/").status_code == 403
    assert make.signed_in(people.own).post(f"/{slug}/new/", {"name": "x"}).status_code == 403
    response = make.speaking(people.own).post(f"/api/v1/{slug}/", "{}", "application/json")
    assert response.status_code in (403, 422)
    assert model._default_manager.count() == number
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("slug", WRITTEN)
def test_the_right_to_change_is_enough_to_change(slug: str, people: SimpleNamespace) -> None:
    """The denials above would pass if nothing worked at all."""
    record, subject = made(slug, people.own), SUBJECTS[slug]
    own = (
        make.administrator() if slug == "roles" else people.own
    )  # who changes roles could give themselves any right
    make.grant(own.role, resource(slug).model._meta.label_lower, Reach.ALL, ["view", "change"])
    can_see_everything_else(own, slug)
    body = json.dumps({subject.field: subject.value})
    response = make.speaking(own).patch(f"/api/v1/{slug}/{record.pk}", body, "application/json")
    assert response.status_code == 200, response.content
    entry = AuditEntry.objects.get()
    assert list(entry.changes) == [subject.field]
    assert make.signed_in(own).get(f"/{slug}/{record.pk}/edit/").status_code == 200


# What a record is called is what one sees of it: whoever may not see these gets no right to the kind at all.
NAMING_FIELDS = {
    "users": {"name", "username"}, "teams": {"name"}, "territories": {"name"}, "roles": {"name"}, "customers": {"name"},
    "contacts": {"name"}, "addresses": {"line", "city", "region", "country"},
    "merges": {"names"}, "contact-merges": {"names"}, "tasks": {"title"}, "interactions": {"kind", "at"},
    "credit-limits": {"from_day"}, "limit-proposals": {"made_on"}, "promises": {"until"}, "payment-reminders": {"day"},
    "reminder-texts": {"subject"},
    "products": {"name"}, "categories": {"name"}, "price-lists": {"name"}, "warehouses": {"name"},
    "cost-changes": {"from_day"}, "costs": {"kind", "day"}, "currency-rates": {"currency", "day", "rate_to_base"},
}  # fmt: skip


@pytest.mark.parametrize("slug", WRITTEN)
def test_locked_fields_are_refused_and_left_out_of_forms(slug: str, people: SimpleNamespace) -> None:
    record, fields = made(slug, people.own), resource(slug).form_fields
    label = resource(slug).model._meta.label_lower
    make.grant(people.own.role, label, Reach.ALL)
    can_see_everything_else(people.own, slug)
    for field in fields:
        make.field_rule(people.own.role, label, field, "locked")
    browser, program = make.signed_in(people.own), make.speaking(people.own)
    assert not browser.get(f"/{slug}/{record.pk}/edit/").context["form_page"]["form"].fields
    before = stored(record)
    for field in fields:
        value = getattr(record, record._meta.get_field(field).attname)
        body = json.dumps({field: value}, default=str)
        response = program.patch(f"/api/v1/{slug}/{record.pk}", body, "application/json")
        assert response.status_code == 403, (field, response.content)
    assert stored(record) == before
    assert not AuditEntry.objects.exists()


# What a field is made to hold, so that it can be told from every other, and how pages may show it.
MARK = {
    "CharField": lambda place: ("zqmrk" + "abcdefghijklmnopqrstuvwxyz"[place],),
    "TextField": lambda place: ("zqmrk" + "abcdefghijklmnopqrstuvwxyz"[place],),
    "EmailField": lambda place: (f"zq{place}zq@zq.example",),
    "MoneyField": lambda place: (f"{771_100 + place}.77", f"{771_100 + place:,}.77"),
    "DateField": lambda place: (f"1977-07-{10 + place}", f"{10 + place} Jul 1977"),
}


def shown_fields() -> list[tuple[str, str]]:
    """The fields of each kind's own table that a list or form shows, and whose value can be told from others."""
    found = []
    for slug in sorted({*SLUGS} - REFUSES_EVERY_CHANGE):
        shown = resource(slug)
        paths = dict.fromkeys([*(c.path for c in shown.columns), *shown.form_fields])
        for path in paths:
            field = shown.model._meta.get_field(path) if "__" not in path else None
            known = isinstance(field, Field) and type(field).__name__ in MARK and not field.choices
            if known and path not in NAMING_FIELDS.get(slug, ()) and path not in ("sort_key", "number"):
                found.append((slug, path))
    return found


def body_of(client: Client, url: str) -> str:
    response = client.get(url)
    return (b"".join(response) if response.streaming else response.content).decode()


def halves() -> list[tuple[str, tuple[str, ...]]]:
    """Every other field of each kind, so that those between remain to be seen, and might give away a hidden one."""
    found = shown_fields()
    fields = {slug: [path for each, path in found if each == slug] for slug, _path in found}
    halved = [(slug, tuple(paths[start::2])) for slug, paths in fields.items() for start in (0, 1)]
    return [(slug, paths) for slug, paths in halved if paths]


def unbind(model: type[Model]) -> None:
    """Until the test ends, let the table hold what its own checks and triggers would refuse."""
    connection.check_constraints()
    table = model._meta.db_table
    checks = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass"
    with connection.cursor() as cursor:
        cursor.execute(checks, [table])
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


@pytest.mark.parametrize(
    ("slug", "fields"), halves(), ids=lambda part: part if isinstance(part, str) else part[0]
)
def test_hidden_fields_appear_nowhere(slug: str, fields: tuple[str, ...], people: SimpleNamespace) -> None:
    shown, record = resource(slug), made(slug, people.own)
    label = shown.model._meta.label_lower
    kinds = {field: type(shown.model._meta.get_field(field)).__name__ for field in fields}
    looks = {field: MARK[kinds[field]](place) for place, field in enumerate(fields)}
    unbind(shown.model)
    shown.model._default_manager.filter(pk=record.pk).update(
        **{field: look[0] for field, look in looks.items()}
    )
    record.refresh_from_db()
    record.save()
    make.grant(people.own.role, label, Reach.ALL)
    can_see_everything_else(people.own, slug)
    for field in fields:
        make.field_rule(people.own.role, label, field, "hidden")
    doors = [
        f"/{slug}/?cols={','.join((*fields, 'id'))}", *(f"/{slug}/?order={field}" for field in fields),
        f"/{slug}/{record.pk}/", f"/{slug}/pick/", f"/{slug}/export/?cols={','.join(fields)}", f"/api/v1/{slug}/",
        f"/api/v1/{slug}/{record.pk}", f"/search/?q={record}", *([f"/{slug}/{record.pk}/edit/"] if shown.form else []),
    ]  # fmt: skip
    kept_from, trusted = make.signed_in(people.own), make.signed_in(make.administrator())
    unseen = set(fields)
    for url in doors:
        body = body_of(kept_from, url)
        assert [field for field in fields if any(look in body for look in looks[field])] == [], url
        if unseen:
            body = body_of(trusted, url)
            unseen -= {field for field in unseen if any(look in body for look in looks[field])}
    assert unseen == set(), "a mark is shown nowhere at all; the test proves nothing of these"
    api = make.speaking(people.own)
    for field in fields:
        assert api.get(f"/api/v1/{slug}/", {"f": f"{field}:filled:"}).status_code == 400
        assert kept_from.get(f"/{slug}/", {"f": f"{field}:filled:"}).status_code == 400

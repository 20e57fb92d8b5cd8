"""The index of a field is made beside the work of others, made anew when half made, and used."""

from __future__ import annotations

import pytest
from django.db import connection

from clientier.core.custom import jobs
from clientier.core.custom.models import CustomField
from clientier.rooms.parties.models import Customer
from tests import factories as make
from tests.core.custom.defining import COLOURS, field


def indexes() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE c.relname LIKE 'custom\\_%' AND i.indisvalid ORDER BY 1"
        )
        return [str(name) for (name,) in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_an_index_is_made_and_gone_with_its_mark() -> None:
    field("area", "number", indexed=True)
    field("tags", "choices", choices=COLOURS, indexed=True)
    make.some_customer(custom={"area": "5", "tags": ["red"]})
    for _again in range(2):
        for code in ("area", "tags"):
            jobs.settle("parties.customer", code)
    assert [name.rpartition("_")[0] for name in indexes()] == ["custom_area", "custom_tags"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{indexes()[0]}'::regclass"
        )
    jobs.settle("parties.customer", "area")
    assert len(indexes()) == 2
    CustomField.objects.filter(code="area").update(kind="text")
    jobs.settle("parties.customer", "area")
    CustomField.objects.filter(code="tags").update(retired=True)
    jobs.settle("parties.customer", "tags")
    assert len(indexes()) == 1
    CustomField.objects.update(indexed=False)
    jobs.settle("parties.customer", "area")
    assert indexes() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "kind", "asked"),
    [
        ("area", "number", {"custom__area__gte": 5}),
        ("day", "date", {"custom__day__lte": "2026-01-01"}),
        ("word", "text", {"custom__word": "x"}),
        ("tags", "choices", {"custom__tags__in": ["red"]}),
        ("boss", "user", {"custom__boss": 1}),
    ],
)
def test_what_lists_ask_is_what_the_index_says(code: str, kind: str, asked: dict[str, object]) -> None:
    field(code, kind, choices=COLOURS, indexed=True)
    jobs.settle("parties.customer", code)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert f"custom_{code}_" in Customer.objects.filter(**asked).explain()


@pytest.mark.django_db
def test_records_are_found_by_a_field_that_becomes_searchable() -> None:
    made = field("hint", "text")
    customer = make.some_customer(custom={"hint": "Xylophone"})
    assert not Customer.objects.filter(search__matches="xylo").exists()
    CustomField.objects.filter(pk=made.pk).update(searchable=True)
    jobs.settle("parties.customer", "hint", search=True)
    assert list(Customer.objects.filter(search__matches="xylo")) == [customer]

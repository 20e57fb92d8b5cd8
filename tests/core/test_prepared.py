"""Questions that are put into words once and asked with ever other values."""

from __future__ import annotations

import datetime as dt
from unittest.mock import patch

import pytest
from django.db.models import Q
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from clientier.core.models import AuditEntry
from clientier.core.prepared import Prepared, record
from clientier.rooms.people.models import Role, User
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_each_asking_is_answered_for_its_own_values() -> None:
    one, other = make.some_user(), make.some_user()
    names = Prepared(lambda key: User.objects.filter(pk=key).values_list("name"))
    assert names.rows(one.pk) == [(one.name,)]
    assert names.rows(other.pk) == [(other.name,)]
    other.name = "Renamed"
    other.save()
    assert names.rows(other.pk) == [("Renamed",)]


def test_it_is_put_into_words_once() -> None:
    names = Prepared(lambda key: User.objects.filter(pk=key).values_list("name"))
    names.rows(1)
    with patch.object(SQLCompiler, "as_sql", side_effect=AssertionError("worded again")):
        assert names.rows(2) == []


def test_lists_of_any_length_and_moments_are_values_too() -> None:
    users = [make.some_user() for _ in range(3)]
    keys = [user.pk for user in users]
    now = timezone.now()
    among = Prepared(
        lambda picked, moment, least: (
            User.objects.filter(
                Q(pk__in=picked), Q(last_login=None) | Q(last_login__gt=moment), pk__gte=least
            )
            .order_by("pk")
            .values_list("pk")
        )
    )
    assert among.rows(keys, now, keys[1]) == [(keys[1],), (keys[2],)]
    assert among.rows(keys[:2], now, keys[1]) == [(keys[1],)]
    assert among.rows([], now, keys[1]) == []
    User.objects.filter(pk=keys[1]).update(last_login=now)
    assert among.rows(keys, now + dt.timedelta(seconds=1), keys[0]) == [(keys[0],), (keys[2],)]


def test_a_value_that_the_question_does_not_ask_for_is_refused() -> None:
    with pytest.raises(ValueError, match="stand"):
        Prepared(lambda key: User.objects.values_list("name")).rows(1)


def test_a_row_of_all_fields_is_the_record() -> None:
    role = make.some_user().role
    (row,) = Role.objects.filter(pk=role.pk).values_list(*(f.attname for f in Role._meta.concrete_fields))
    assert record(Role, row) == role
    assert record(Role, row).name == role.name


def test_a_record_with_fields_that_are_read_otherwise_than_stored_is_refused() -> None:
    with pytest.raises(TypeError, match="AuditEntry keeps changes"):
        record(AuditEntry, ())

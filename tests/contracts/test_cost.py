"""A list of three costs as many queries as a list of one; the numbers are committed in ``queries.json``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clientier.rooms.people.models import Organisation
from tests import factories as make
from tests.contracts.subjects import SLUGS, made

pytestmark = pytest.mark.django_db
COUNTS = Path(__file__).with_name("queries.json")
DOORS = {"list": "/{slug}/?cols=", "htmx": "/{slug}/", "pick": "/{slug}/pick/", "api": "/api/v1/{slug}/"}


def cost(slug: str, door: str) -> int:
    Organisation.objects.get_or_create(pk=1)  # as in every installation that is set up
    client = make.signed_in(make.administrator())
    headers = {"HX-Request": "true"} if door == "htmx" else {}
    url = DOORS[door].format(slug=slug)
    client.get(url, headers=headers)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, headers=headers).status_code == 200
    return len(queries)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("slug", SLUGS)
def test_reading_three_rows_costs_what_one_row_costs(slug: str, door: str) -> None:
    owner = make.some_user(team=make.some_team(), territory=make.some_territory())
    made(slug, owner)
    one = cost(slug, door)
    for _ in range(2):
        made(slug, make.some_user(team=make.some_team()))
    three = cost(slug, door)
    assert three == one
    assert {door: one} == {door: json.loads(COUNTS.read_text())[slug][door]}

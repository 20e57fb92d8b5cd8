from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from procrastinate.contrib.django import app

from clientier.core import commands
from clientier.core.actor import Door
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.queries import actor_of
from tests import factories

pytestmark = pytest.mark.django_db
FILE = b"id,name,city\n1,One,Leeds\n2,Two,Hull\n3,Three,\n,Nobody,\n"


@pytest.fixture
def browser(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return factories.signed_in(factories.administrator())


def work():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo' RETURNING task_name, args")
        waiting = cursor.fetchall()
    for name, facts in waiting:
        app.tasks[name](**(json.loads(facts) if isinstance(facts, str) else facts))


def imported(browser):
    answer = browser.post("/api/v1/imports/new/customers", {"file": SimpleUploadedFile("c.csv", FILE)})
    assert answer.status_code == 202
    work()
    return f"/api/v1/imports/{answer.json()['id']}"


def test_a_file_comes_in_and_says_what_became_of_it(browser):
    place = imported(browser)
    found = browser.get(place).json()
    assert (found["state"], found["rows"], found["created"], found["errors"]) == ("done", 4, 3, 1)
    assert browser.get(f"{place}/errors").json() == [{"row_number": 5, "reasons": ["id: must not be empty"]}]
    assert len(browser.get("/api/v1/imports/").json()["items"]) == 1


def test_what_was_changed_since_is_left_and_listed(browser):
    place = imported(browser)
    factories.some_customer(name="Other")
    editor = actor_of(factories.administrator(), Door.PAGE)
    commands.update(Customer.objects.get(external_id="2"), actor=editor, changes={"city": "York"})
    refused = browser.post(f"{place}/undo", "{}", content_type="application/json")
    assert refused.status_code == 409
    assert Customer.objects.count() == 4
    body = json.dumps({"leave_changed": True})
    done = browser.post(f"{place}/undo", body, content_type="application/json")
    assert done.json() == {"records": 2, "left": {"parties.customer": 1}}
    found = browser.get(place).json()
    names = [each["name"] for each in browser.get(found["records"]).json()["items"]]
    assert names == ["Two"]


def test_the_list_opens_with_just_the_records_made(browser):
    factories.some_customer(external_id="1", name="Before")
    factories.some_customer(name="Other")
    place = imported(browser)
    number = place.rpartition("/")[2]
    shown = browser.get(f"/customers/?imported={number}:made").context["listing"]
    assert [row["label"] for row in shown["rows"]] == ["Three", "Two"]
    assert [(chip["label"], chip["text"]) for chip in shown["filters"]] == [("Import", "c.csv")]
    shown = browser.get(f"/customers/?imported={number}").context["listing"]
    assert len(shown["rows"]) == 3
    assert browser.get("/customers/?imported=nonsense").status_code == 400


def test_imports_of_others_are_not_there(browser):
    place = imported(browser)
    other = factories.signed_in(factories.some_user())
    assert other.get(place).status_code in (403, 404)
    assert other.post(f"{place}/undo", "{}", content_type="application/json").status_code in (403, 404)
    assert Customer.objects.count() == 3

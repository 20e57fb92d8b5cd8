from __future__ import annotations

import io
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django import app

from clientier.core.actor import Reach
from clientier.kit.imports.reading import open_source
from clientier.kit.models import ImportRun, RememberedMapping
from clientier.rooms.parties.models import Customer
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

FILE = "id,name,city\n1,One,Leeds\n,No number,York\n2,=cmd(),上海\n"


@pytest.fixture(autouse=True)
def stored_here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def browser(client):
    client.force_login(factories.administrator(username="boss"))
    return client


def upload(browser, text=FILE, *, target="customers", name="customers.csv", encoding="utf-8"):
    file = io.BytesIO(text if isinstance(text, bytes) else text.encode(encoding))
    file.name = name
    return browser.post(reverse("import-new", args=[target]), {"file": file})


def work():
    """Do all that waits in the queue."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo' RETURNING task_name, args")
        waiting = cursor.fetchall()
    for name, facts in waiting:
        app.tasks[name](**(json.loads(facts) if isinstance(facts, str) else facts))


def test_from_the_file_to_customers_and_back(browser):
    answer = upload(browser)
    run = ImportRun.objects.get()
    page = reverse("import", args=[run.pk])
    assert (answer.status_code, answer.url) == (302, page)
    shown = browser.get(page).content.decode()
    assert "Import 2 rows" in shown
    assert "id: must not be empty" in shown
    assert not Customer.objects.exists()
    browser.post(reverse("import-start", args=[run.pk]))
    assert "You may leave this page" in browser.get(page).content.decode()
    work()
    shown = browser.get(page).content.decode()
    assert "Rows in error" in shown
    assert set(Customer.objects.values_list("name", flat=True)) == {"One", "=cmd()"}
    browser.post(reverse("import-undo", args=[run.pk]))
    assert not Customer.objects.exists()
    assert "was undone as a whole" in browser.get(page).content.decode()


def test_a_second_click_imports_nothing_twice(browser):
    upload(browser)
    run = ImportRun.objects.get()
    start = reverse("import-start", args=[run.pk])
    assert browser.post(start).status_code == 302
    assert browser.post(start).status_code == 302
    work()
    browser.post(start)
    work()
    run.refresh_from_db()
    assert (run.created, run.rows_done, run.state) == (2, 3, "done")


def test_the_table_says_which_column_is_what(browser):
    upload(browser, "nr,who,how\n7,Ada,well\n8,Bob,ill\n")
    run = ImportRun.objects.get()
    shown = browser.get(reverse("import", args=[run.pk])).content.decode()
    assert "One required field has no column yet" in shown
    browser.post(reverse("import-start", args=[run.pk]))
    assert ImportRun.objects.get().state == "uploaded"
    table = {"column-0": "external_id", "prefix-0": "K-", "column-1": "name", "constant-city": "Leeds"}
    browser.post(reverse("import-map", args=[run.pk]), table)
    shown = browser.get(reverse("import", args=[run.pk])).content.decode()
    assert "K-7" in shown
    assert "Import 2 rows" in shown
    browser.post(reverse("import-start", args=[run.pk]), table)
    work()
    assert set(Customer.objects.values_list("external_id", "name", "city")) == {
        ("K-7", "Ada", "Leeds"),
        ("K-8", "Bob", "Leeds"),
    }


def test_the_next_file_of_that_shape_is_mapped_as_the_last(browser):
    upload(browser, "nr,who\n7,Ada\n")
    run = ImportRun.objects.get()
    browser.post(reverse("import-start", args=[run.pk]), {"column-0": "external_id", "column-1": "name"})
    assert RememberedMapping.objects.count() == 1
    work()
    upload(browser, "who,nr\nBob,8\n")
    again = ImportRun.objects.exclude(pk=run.pk).get()
    assert again.mapping["fields"] == {"external_id": "nr", "name": "who"}
    assert "as last time" in browser.get(reverse("import", args=[again.pk])).content.decode()


def test_where_nothing_numbers_the_rows_names_do(browser):
    upload(browser, "company,city\nAda,Leeds\n")
    assert ImportRun.objects.get().mapping["fields"]["external_id"] == "company"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_chinese_files_from_end_to_end(browser, encoding):
    text = "客户编号;客户名称;城市\n" + "".join(f"K{n};上海第{n}贸易公司;上海市\n" for n in range(40))
    upload(browser, text, encoding=encoding)
    run = ImportRun.objects.get()
    shown = browser.get(reverse("import", args=[run.pk])).content.decode()
    assert ("GB18030" if encoding == "gb18030" else "UTF-16") in shown
    browser.post(reverse("import-start", args=[run.pk]))
    work()
    assert Customer.objects.get(external_id="K39").name == "上海第39贸易公司"


def test_the_encoding_can_be_chosen_by_hand(browser):
    upload(browser, "id,name\n1,M\u00fcller\n", encoding="cp1252")
    run = ImportRun.objects.get()
    table = {"column-0": "external_id", "column-1": "name", "encoding": "cp1251"}
    browser.post(reverse("import-map", args=[run.pk]), table)
    assert "Mьller" in browser.get(reverse("import", args=[run.pk])).content.decode()


def test_the_file_of_errors_runs_no_formula_and_comes_back_as_it_was(browser, tmp_path):
    upload(browser, "id,name,city\n,=cmd(),@home\n1,Fine,York\n")
    run = ImportRun.objects.get()
    browser.post(reverse("import-start", args=[run.pk]))
    work()
    answer = browser.get(reverse("import-problems", args=[run.pk, "csv"]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[1] == ",'=cmd(),'@home,id: must not be empty,2"
    assert "attachment" in answer["Content-Disposition"]
    again = tmp_path / "again.csv"
    again.write_text(text.replace(",'=cmd()", "9,'=cmd()"), encoding="utf-8-sig")
    upload(browser, again.read_bytes())
    second = ImportRun.objects.exclude(pk=run.pk).get()
    browser.post(reverse("import-start", args=[second.pk]))
    work()
    assert Customer.objects.get(external_id="9").name == "=cmd()"
    workbook = tmp_path / "problems.xlsx"
    answer = browser.get(reverse("import-problems", args=[run.pk, "xlsx"]))
    workbook.write_bytes(b"".join(answer.streaming_content))
    with_reasons = open_source(workbook)
    assert "Reason" in with_reasons.headings


def test_what_is_no_table_is_refused_in_words(browser):
    answer = upload(browser, b"%PDF-1.7 nothing here", name="letter.pdf")
    assert answer.status_code == 422
    assert "The file is not a table that can be read" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_an_upload_can_be_discarded(browser, settings):
    upload(browser)
    run = ImportRun.objects.get()
    browser.post(reverse("import-discard", args=[run.pk]))
    assert not ImportRun.objects.exists()
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_what_others_stand_on_is_named_when_undo_is_refused(browser):
    upload(browser)
    run = ImportRun.objects.get()
    browser.post(reverse("import-start", args=[run.pk]))
    work()
    factories.some_order(Customer.objects.get(external_id="1"))
    answer = browser.post(reverse("import-undo", args=[run.pk]), follow=True).content.decode()
    assert "Other records have come to depend on these: orders." in answer
    assert Customer.objects.count() == 2


def test_who_may_not_import_sees_none_of_it(client, browser):
    upload(browser)
    run = ImportRun.objects.get()
    rep = factories.some_user()
    factories.grant(rep.role, "parties.customer", Reach.OWN, actions=("view", "add", "change"))
    client.force_login(rep)
    pages = [reverse("imports"), reverse("import-new", args=["customers"]), reverse("import", args=[run.pk])]
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]
    assert client.post(reverse("import-start", args=[run.pk])).status_code == 403
    assert not re.search(r'href="/imports/"', client.get("/customers/").content.decode())
    assert ImportRun.objects.get().state == "checked"


def test_each_sees_their_own_imports_unless_they_may_import_all(client, browser):
    upload(browser)
    run = ImportRun.objects.get()
    user = factories.some_user()
    factories.grant(user.role, "parties.customer", Reach.TEAM)
    client.force_login(user)
    assert client.get(reverse("import", args=[run.pk])).status_code == 404
    assert "customers.csv" not in client.get(reverse("imports")).content.decode()
    leader = factories.some_user()
    factories.grant(leader.role, "parties.customer", Reach.ALL)
    client.force_login(leader)
    assert client.get(reverse("import", args=[run.pk])).status_code == 200


def test_a_large_file_is_checked_as_a_job(browser, monkeypatch):
    monkeypatch.setattr("clientier.kit.imports.web.ROWS_CHECKED_AT_ONCE", 1)
    upload(browser)
    run = ImportRun.objects.get()
    page = reverse("import", args=[run.pk])
    assert "Check all rows" in browser.get(page).content.decode()
    table = {"column-0": "external_id", "column-1": "name", "column-2": "city", "check": "1"}
    browser.post(reverse("import-map", args=[run.pk]), table)
    assert "You may leave this page" in browser.get(page).content.decode()
    work()
    assert "Import 2 rows" in browser.get(page).content.decode()
    assert not Customer.objects.exists()


def test_the_list_costs_the_same_for_three_as_for_one(browser):
    upload(browser)
    with CaptureQueriesContext(connection) as one:
        browser.get(reverse("imports"))
    upload(browser)
    upload(browser)
    with CaptureQueriesContext(connection) as three:
        browser.get(reverse("imports"))
    assert len(three) == len(one)


def test_an_empty_file_with_the_headings_can_be_had(browser):
    answer = browser.get(reverse("import-example", args=["customers", "xlsx"]))
    assert answer["Content-Disposition"] == 'attachment; filename="customers.xlsx"'

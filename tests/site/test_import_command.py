from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from io import StringIO
from urllib.parse import quote, urlencode

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from clientier.core.actor import Reach
from clientier.kit.models import ImportRun
from clientier.rooms.parties.models import Customer
from tests import factories

FILE = "id,name,city\n1,One,Leeds\n,No number,York\n2,=cmd(),上海\n"


def run(*words, **options):
    """Output and exit code of `clientier import`."""
    out = StringIO()
    try:
        call_command("import_file", *words, stdout=out, stderr=StringIO(), **options)
    except CommandError as error:
        return out.getvalue() + str(error), error.returncode
    return out.getvalue(), 0


@pytest.fixture
def customers(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.mark.django_db
def test_good_rows_come_in_and_the_others_into_a_file(customers, tmp_path):
    problems = tmp_path / "problems.csv"
    said, code = run(customers, target="customers", problems=problems)
    assert code == 1
    assert "3 rows; 2 were created, 0 changed, 0 unchanged, 1 in error" in said
    with problems.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["id", "name", "city", "Reason", "Row in the file"],
            ["", "No number", "York", "id: must not be empty", "3"],
        ]


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(customers):
    said, code = run(customers, target="customers", dry_run=True)
    assert code == 1
    assert "2 would be created" in said
    assert not Customer.objects.exists()
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_a_mapping_is_saved_and_used_again(customers, tmp_path):
    saved = tmp_path / "map.json"
    run(customers, target="customers", save_mapping=saved, encoding="utf-8", dry_run=True)
    plain = json.loads(saved.read_text(encoding="utf-8"))
    assert plain["encoding"] == "utf-8"
    plain["fields"]["external_id"] = {"column": "id", "prefix": "X-"}
    saved.write_text(json.dumps(plain), encoding="utf-8")
    run(customers, mapping=saved)
    assert set(Customer.objects.values_list("external_id", flat=True)) == {"X-1", "X-2"}


@pytest.mark.django_db
def test_what_cannot_be_read_is_refused_in_words(tmp_path, customers):
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert run(picture, target="customers") == (
        "The file is not a table that can be read (CSV, Excel, OpenDocument, Parquet or vCard).",
        2,
    )
    assert run(tmp_path / "none.csv", target="customers") == ("There is no file “none.csv”.", 2)
    assert run(customers) == ("Say what the rows are: --target, or --mapping.", 2)
    said, code = run(customers, target="orders")
    assert (said, code) == ("The field “Day” is required and nothing is mapped to it.", 2)
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_an_import_is_taken_back_by_its_number(customers):
    run(customers, target="customers")
    said, code = run(undo=ImportRun.objects.get().pk)
    assert (said, code) == ("Undone: 2 records are as they were before.\n", 0)
    assert not Customer.objects.exists()
    assert run(undo=ImportRun.objects.get().pk)[1] == 2


@pytest.mark.django_db
def test_somebody_s_rights_hold_on_the_command_line_too(customers):
    user = factories.some_user(username="rep")
    factories.grant(user.role, "parties.customer", Reach.OWN, actions=("view", "add", "change"))
    said, code = run(customers, target="customers", username="rep")
    assert (code, said.startswith("Your role does not allow this")) == (2, True)
    assert run(customers, target="customers", username="ghost") == ("There is no user ghost.", 2)
    assert not Customer.objects.exists()


ROWS = 30_000  # a transaction takes 20,000 of them


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_goes_on_where_it_stood(tmp_path):
    """Killed with -9 between two transactions or within one; the totals come out as if it had not been."""
    path = tmp_path / "many.csv"
    path.write_text("id,name\n" + "".join(f"{n},Customer {n}\n" for n in range(ROWS)), encoding="utf-8")
    words = [sys.executable, "-m", "django", "import_file", str(path), "--target", "customers"]
    environment = {
        **os.environ,
        "CLIENTIER_DATABASE_URL": _url_of_this_database(),
        "DJANGO_SETTINGS_MODULE": "clientier.site.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),  # pytest finds the sources by itself, its child does not
    }
    log = tmp_path / "child.log"
    with log.open("wb") as said:
        child = subprocess.Popen(words, env=environment, stdout=said, stderr=said)
    try:
        _wait_until(lambda: ImportRun.objects.filter(rows_done__gt=0).exists(), child, log)
    finally:
        child.kill()
        child.wait()
    cut_off = ImportRun.objects.get()
    assert 0 < cut_off.rows_done < ROWS
    assert cut_off.state == "running"
    assert Customer.objects.count() == cut_off.rows_done == cut_off.created
    said, code = run(resume=cut_off.pk)
    assert code == 0
    assert f"{ROWS} rows; {ROWS} were created, 0 changed, 0 unchanged, 0 in error" in said
    assert Customer.objects.count() == ROWS
    run(undo=cut_off.pk)
    assert not Customer.objects.exists()


def _url_of_this_database():
    settings = connection.settings_dict
    user, name = quote(settings["USER"]), quote(settings["NAME"])
    if not settings["HOST"].startswith("/"):
        password = quote(settings["PASSWORD"], safe="")
        return f"postgresql://{user}:{password}@{settings['HOST']}:{settings['PORT']}/{name}"
    return f"postgresql://{user}@/{name}?{urlencode({'host': settings['HOST']})}"


def _wait_until(happened, child, log, seconds=60):
    until = time.monotonic() + seconds
    while not happened():
        assert child.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)

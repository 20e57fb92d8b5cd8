from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.urls import reverse
from procrastinate.contrib.django import app

from clientier.kit.imports import folders
from clientier.kit.models import ImportFolder, PickedFile
from clientier.rooms.activities.models import Task
from clientier.rooms.parties.models import Customer
from tests import factories

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 31, 6, 0, tzinfo=dt.UTC)
FILE = "id,name\n1,One\n2,Two\n"


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.IMPORT_FOLDERS = tmp_path / "imports"
    made = ImportFolder.objects.create(name="erp", target="customers", owner=factories.administrator())
    folders.path_of(made)
    return made


def look(folder):
    folder.refresh_from_db()
    return folders.pick_up(folder, now=NOW)


def names(folder, place):
    return sorted(each.name for each in (folders.path_of(folder) / place).iterdir())


def deliver():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'core.deliver' RETURNING args")
        waiting = [args for (args,) in cursor.fetchall()]
    for facts in waiting:
        app.tasks["core.deliver"](**(json.loads(facts) if isinstance(facts, str) else facts))


def test_a_file_comes_in_when_it_has_stopped_growing_and_is_put_away(folder):
    path = folders.path_of(folder) / "today.csv"
    path.write_text("id,name\n1,One\n")
    assert look(folder) == []
    path.write_text(FILE)
    assert look(folder) == []
    (picked,) = look(folder)
    assert (picked.run.created, picked.error) == (2, "")
    assert Customer.objects.count() == 2
    assert not path.exists()
    assert names(folder, "done") == ["20260331-060000-today.csv", "20260331-060000-today.csv.report.txt"]
    report = folders.path_of(folder) / "done" / "20260331-060000-today.csv.report.txt"
    assert report.read_text() == "2 rows: 2 created, 0 changed, 0 unchanged, 0 in error.\n"


def test_the_same_contents_come_in_once(folder):
    for name in ("a.csv", "b.csv"):
        (folders.path_of(folder) / name).write_text(FILE)
        look(folder)
        look(folder)
    assert PickedFile.objects.count() == 1
    assert len(names(folder, "done")) == 4


def test_what_is_unfinished_hidden_or_a_link_is_left(folder, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text(FILE)
    place = folders.path_of(folder)
    (place / "x.csv.part").write_text(FILE)
    (place / ".hidden.csv").write_text(FILE)
    (place / "link.csv").symlink_to(secret)
    for _ in range(3):
        assert look(folder) == []
    assert not Customer.objects.exists()
    deliver()
    assert [task.title for task in Task.objects.all()] == [
        "Import folder erp: link.csv – It is a link, and links are not followed."
    ]


def test_a_folder_that_is_a_link_is_refused(folder, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "imports" / "out").symlink_to(outside)
    leading_out = ImportFolder.objects.create(name="out", target="customers", owner=folder.owner)
    with pytest.raises(folders.FolderRefused):
        look(leading_out)
    leading_out.name = ".."
    with pytest.raises(folders.FolderRefused):
        folders.path_of(leading_out)


def test_problems_become_a_task_of_who_answers_for_the_folder(folder):
    place = folders.path_of(folder)
    (place / "bad.csv").write_text("id,name,email\n1,One,nowhere\n2,Two,\n")
    (place / "none.csv").write_text("colour\nred\nred\n")
    look(folder)
    look(folder)
    deliver()
    deliver()
    assert sorted(task.title for task in Task.objects.filter(assigned_to=folder.owner)) == [
        "Import folder erp: bad.csv – 2 rows: 1 created, 0 changed, 0 unchanged, 1 in error.",
        "Import folder erp: none.csv – Nothing is mapped to: Name. Nothing was imported.",
    ]
    assert "20260331-060000-bad.csv.errors.csv" in names(folder, "done")
    assert "20260331-060000-none.csv" in names(folder, "failed")


def test_imports_run_with_the_rights_of_who_answers(folder):
    folder.owner = factories.some_user()
    folder.save()
    (folders.path_of(folder) / "a.csv").write_text(FILE)
    look(folder)
    (picked,) = look(folder)
    assert picked.error
    assert not Customer.objects.exists()


def test_the_command_and_the_page_look_at_once(folder, client, capsys):
    (folders.path_of(folder) / "a.csv").write_text(FILE)
    call_command("pick_up_imports", "--whole")
    assert "erp/a.csv: 2 rows: 2 created" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("pick_up_imports", "nowhere")
    client.force_login(folder.owner)
    (folders.path_of(folder) / "b.csv").write_text("id,name\n3,Three\n")
    client.post(reverse("import-folder", args=[folder.pk]), {"action": "look"})
    assert Customer.objects.filter(name="Three").exists()
    assert "b.csv" in client.get(reverse("import-folders")).content.decode()
    posted = {"name": "shop", "target": "orders", "owner": folder.owner.pk}
    assert client.post(reverse("import-folders"), posted).status_code == 302
    assert client.post(reverse("import-folders"), posted | {"name": "../x"}).status_code == 422
    assert factories.signed_in(factories.some_user()).get(reverse("import-folders")).status_code == 403
    client.post(reverse("import-folder", args=[folder.pk]), {"action": "active"})
    folder.refresh_from_db()
    assert not folder.active
    client.post(reverse("import-folder", args=[folder.pk]), {"action": "remove"})
    assert not ImportFolder.objects.filter(pk=folder.pk).exists()

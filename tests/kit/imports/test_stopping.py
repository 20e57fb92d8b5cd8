from __future__ import annotations

import pytest

from clientier.kit.imports import runs
from clientier.kit.imports.executing import execute
from clientier.kit.models import ImportRun
from clientier.rooms.parties.models import Customer
from tests.kit.imports.running import ACTOR, prepared

pytestmark = pytest.mark.django_db
FILE = "id,name\n" + "".join(f"{n},Name {n}\n" for n in range(1, 31))


def test_an_import_stops_on_request_says_how_far_it_is_and_goes_on(write_file):
    run = prepared(write_file(FILE), "customers")
    run.save()
    said = []

    def progress(done, total):
        said.append((done, total))
        if done == 20:
            ImportRun.objects.filter(pk=run.pk).update(state="running")
            runs.ask_to_stop(run, actor=ACTOR)

    with pytest.raises(runs.ImportRefused, match="stopped on request"):
        execute(run, actor=ACTOR, said=progress, rows_at_a_time=10)
    run.refresh_from_db()
    assert (run.state, run.rows_done, run.error) == ("failed", 20, "It was stopped on request.")
    assert said == [(10, 30), (20, 30)]
    assert Customer.objects.count() == 20
    ImportRun.objects.filter(pk=run.pk).update(stop_asked=False)
    execute(run, actor=ACTOR, rows_at_a_time=10)
    run.refresh_from_db()
    assert (run.state, run.rows_done, run.created) == ("done", 30, 30)

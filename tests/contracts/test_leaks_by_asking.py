"""What files, saved views and undoing tell of what is out of reach, and what they do to it: nothing.

Targets, their references and their keys are taken from the registry: who adds one adds nothing here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from clientier.core import commands
from clientier.core.actor import Reach
from clientier.kit.imports.lookups import LOOKUPS
from clientier.kit.imports.registry import TARGETS, ImportTarget, open_targets
from clientier.kit.imports.targets import Field
from clientier.kit.imports.templates_to_fill import as_csv
from clientier.kit.models import ImportRun, ImportSet, ImportState, SavedView, Sharing, ViewChoice
from clientier.rooms.people.queries import actor_of
from tests import factories as make
from tests.contracts.test_leaks import told
from tests.contracts.world import World, answered, everything
from tests.kit.imports.running import errors, imported

pytestmark = pytest.mark.django_db
NOWHERE = "there-is-none"
OUT_OF_REACH = ["lies outside what you may import"]


@pytest.fixture
def world(judged_world: World, settings: Any, tmp_path: Path) -> World:
    """Keys other than names, so that an answer that puts a name to a key is found out."""
    settings.MEDIA_ROOT = tmp_path / "files"
    made = judged_world
    for kept in made.records.values():
        for whose, record in kept.items():
            if hasattr(record, "external_id"):
                type(record)._default_manager.filter(pk=record.pk).update(external_id=f"{whose}-{record.pk}")
    for lookup in LOOKUPS.values():
        if not hasattr(lookup.model, "OWNER_PATH"):
            unnumbered = lookup.model._default_manager.filter(**{f"{lookup.key}__isnull": True})
            for key in list(unnumbered.values_list("pk", flat=True)):
                lookup.model._default_manager.filter(pk=key).update(**{lookup.key: f"shared-{key}"})
    made.grant(rest=Reach.OWN)
    return made


def own(world: World) -> set[tuple[str, int]]:
    return {name for name, owners in world.owners.items() if owners <= {"own"}}


def stored() -> dict[str, list[Any]]:
    """All rows but those of the audit, which tells of the attempt itself."""
    return {kind: rows for kind, rows in everything().items() if kind != "audit"}


def key_of(world: World, lookup: str, whose: str, name: str = "") -> str:
    """What a cell says to mean this owner's record."""
    declared = LOOKUPS[lookup]
    record = next(kept[whose] for kept in world.records.values() if isinstance(kept[whose], declared.model))
    found = declared.model._default_manager.filter(pk=record.pk).values_list(name or declared.key, flat=True)
    return str(found.get())


def shared_key(lookup: str) -> str:
    """What a cell says to mean a record of a kind that belongs to nobody."""
    declared = LOOKUPS[lookup]
    return str(declared.model._default_manager.order_by("pk").values_list(declared.key, flat=True)[0])


def is_owned(declared: Field) -> bool:
    return bool(declared.lookup) and hasattr(LOOKUPS[str(declared.lookup)].model, "OWNER_PATH")


def example(world: World, importing: ImportTarget) -> dict[str, str]:
    """A row that the import takes, as the template gives it, that refers to one's own records and to no others."""
    target = importing.for_actor(actor_of(world.reader))
    _headings, texts = csv.reader(io.StringIO(as_csv(target).decode("utf-8-sig")))
    written = {each.name: text for each, text in zip(target.fields, texts, strict=True)}
    row = {
        f.name: written[f.name] for f in target.fields if f.required or not f.lookup or f.name in target.key
    }
    return row | {
        name: key_of(world, str(target.by_name[name].lookup), "own")
        if is_owned(target.by_name[name])
        else shared_key(str(target.by_name[name].lookup))
        for name in row
        if target.by_name[name].lookup
    }


def brought_in(
    path: Path, importing: ImportTarget, world: World, rows: Sequence[dict[str, str]]
) -> ImportRun:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    fields = {name: {"columns": [name]} for name in rows[0]}
    return imported(path, importing.slug, fields, actor=actor_of(world.reader))


def references(world: World) -> Iterator[tuple[ImportTarget, Field, str]]:
    """Every field by which a row refers to records that belong to somebody, and each way to name these."""
    for importing in open_targets(actor_of(world.reader)):
        for declared in importing.for_actor(actor_of(world.reader)).fields:
            if is_owned(declared):
                lookup = LOOKUPS[str(declared.lookup)]
                yield from ((importing, declared, name) for name in (lookup.key, *lookup.also))


def test_a_reference_to_what_is_not_seen_reads_as_one_to_nothing(world: World, tmp_path: Path) -> None:
    before, tried = stored(), 0
    for importing, declared, name in references(world):
        theirs = key_of(world, str(declared.lookup), "stranger", name)
        rows = []
        for number, key in enumerate((theirs, NOWHERE)):
            row = example(world, importing) | {declared.name: key}
            first = importing.target.key[0]
            rows.append(row | ({} if importing.target.by_name[first].lookup else {first: f"new-{number}"}))
        run = brought_in(tmp_path / "file.csv", importing, world, rows)
        said = [" | ".join(found) for found in errors(run).values()]
        place = f"{importing.slug}.{declared.name} by {name}"
        assert len(said) == 2, place
        assert said[0].replace(theirs, NOWHERE) == said[1], place
        assert NOWHERE in said[1], place
        page = answered(make.signed_in(world.reader), reverse("import", args=[run.pk]))[1]
        assert told(world, own(world), page, theirs) == [], place
        tried += 1
    assert stored() == before
    assert tried > 10


def test_a_row_with_the_key_of_what_is_not_seen_changes_and_tells_nothing(
    world: World, tmp_path: Path
) -> None:
    before, tried = stored(), 0
    for importing in open_targets(actor_of(world.reader)):
        first = importing.target.by_name[importing.target.key[0]]
        written = importing.writes[0]
        theirs = [kept["stranger"] for kept in world.records.values() if type(kept["stranger"]) is written]
        if first.lookup or not theirs:
            continue
        key = str(written._default_manager.filter(pk=theirs[0].pk).values_list(first.name, flat=True).get())
        run = brought_in(
            tmp_path / "file.csv", importing, world, [example(world, importing) | {first.name: key}]
        )
        assert list(errors(run).values()) == [OUT_OF_REACH], importing.slug
        page = answered(make.signed_in(world.reader), reverse("import", args=[run.pk]))[1]
        assert told(world, own(world), page, key) == [], importing.slug
        tried += 1
    assert stored() == before
    assert tried > 3


def test_a_ring_by_way_of_what_is_not_seen_is_refused_without_naming_it(world: World, tmp_path: Path) -> None:
    customer, theirs = (world.records["customers"][whose] for whose in ("own", "stranger"))
    below = make.some_customer(owner=world.reader, parent=theirs, external_id="below")
    type(theirs).objects.filter(pk=theirs.pk).update(parent=customer)
    row = example(world, TARGETS["customers"]) | {"external_id": f"own-{customer.pk}", "parent": "below"}
    run = brought_in(tmp_path / "file.csv", TARGETS["customers"], world, [row])
    (said,) = errors(run)[2]
    assert f"own-{customer.pk}" in said
    assert "below" in said
    assert f"stranger-{theirs.pk}" not in said
    assert type(below).objects.get(pk=customer.pk).parent_id == theirs.pk


def test_imports_of_others_are_neither_seen_nor_touched() -> None:
    reader, stranger = make.some_user(), make.some_user()
    make.grant(reader.role, "parties.customer", Reach.OWN)
    of_set = ImportSet.objects.create(user=stranger, name="secret.zip")
    facts = {"user": stranger, "target": "customers", "file_name": "secret.csv", "of_set": of_set}
    waiting = ImportRun.objects.create(**facts)
    done = ImportRun.objects.create(**facts, state=ImportState.DONE)
    done.problems_csv.save("problems.csv", ContentFile(b"secret"))
    browser, program = make.signed_in(reader), make.speaking(reader)
    assert "secret" not in answered(browser, "/imports/")[1] + answered(program, "/api/v1/imports/")[1]
    asked: list[int] = []
    for pk in (waiting.pk, done.pk, uuid4()):
        asked += [
            browser.get(f"/imports/{pk}/{way}").status_code for way in ("", "problems.csv", "problems.xlsx")
        ]
        asked += [
            browser.post(f"/imports/{pk}/{way}/").status_code
            for way in ("columns", "start", "undo", "stop", "discard")
        ]
        asked += [program.get(f"/api/v1/imports/{pk}{way}").status_code for way in ("", "/errors")]
        asked += [
            program.post(f"/api/v1/imports/{pk}/{way}", "{}", "application/json").status_code
            for way in ("stop", "undo")
        ]
    asked += [browser.get(f"/imports/sets/{of_set.pk}/").status_code]
    asked += [
        browser.post(f"/imports/sets/{of_set.pk}/{way}/").status_code
        for way in ("start", "undo", str(waiting.pk))
    ]
    assert set(asked) == {404}
    kept = list(ImportRun.objects.order_by("state").values_list("pk", "state", "job_id"))
    assert kept == [(done.pk, "done", None), (waiting.pk, "uploaded", None)]


@pytest.mark.parametrize("sharing", [Sharing.PRIVATE, Sharing.TEAM])
def test_views_of_others_are_neither_seen_nor_touched(sharing: str) -> None:
    reader, stranger = make.some_user(team=make.some_team()), make.some_user(team=make.some_team())
    make.grant(reader.role, "parties.customer", Reach.OWN)
    view = SavedView.objects.create(
        user=stranger, resource="customers", name="zqviewqz", query="q=zqaskedqz", sharing=sharing,
        team=stranger.team_id,
    )  # fmt: skip
    ViewChoice.objects.create(user=stranger, view=view, opens=True, pinned=True)
    browser = make.signed_in(reader)
    for url in ("/", "/customers/", "/search/?q=zqviewqz"):
        text = answered(browser, url)[1].replace("q=zqviewqz", "").replace('value="zqviewqz"', "")
        assert "zqaskedqz" not in text, url
        assert "/search/" in url or "zqviewqz" not in text, url
    for way in ("choose", "delete"):
        answers = [
            browser.post(f"/views/{pk}/{way}/", {"opens": "1", "pinned": "1"}) for pk in (view.pk, 999_999)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
    browser.post("/customers/views/", {"name": "zqviewqz", "query": "q=other", "sharing": "private"})
    view.refresh_from_db()
    assert (view.query, view.name) == ("q=zqaskedqz", "zqviewqz")
    assert list(ViewChoice.objects.values_list("user", "opens", "pinned")) == [(stranger.pk, True, True)]


def test_nobody_undoes_what_somebody_else_did() -> None:
    reader, stranger = make.some_user(), make.some_user()
    for user in (reader, stranger):
        make.grant(user.role, "parties.customer", Reach.ALL)
    customer = make.some_customer(owner=stranger, name="zqbeforeqz")
    actor = actor_of(stranger)
    commands.update(customer, actor=actor, changes={"name": "zqafterqz"})
    for chosen in (make.signed_in(reader), make.signed_in(make.administrator())):
        before = everything()
        answers = [
            chosen.post(f"/undo/{request}/", follow=True).content.decode()
            for request in (actor.request_id, uuid4())
        ]
        assert everything() == before
        assert "zqbeforeqz" not in answers[0]
        assert ("Undone" in answers[0]) == ("Undone" in answers[1])
    assert type(customer).objects.get(pk=customer.pk).name == "zqafterqz"

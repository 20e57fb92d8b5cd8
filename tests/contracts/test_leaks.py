"""Every door × every role: words planted in what is out of reach appear in no answer, and no attempt changes it.

Doors are taken from the addresses, kinds from the registry: who adds one adds nothing here.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clientier.core.actor import Reach
from clientier.core.commands import never_delete
from tests import factories as make
from tests.contracts.subjects import OWNED, SUBJECTS, WRITTEN, resource
from tests.contracts.world import SEEN, World, addresses, answered, everything, owned_kinds, words_in

pytestmark = pytest.mark.django_db


def reaching(reach: Reach) -> Callable[[World], set[tuple[str, int]]]:
    """A role with one reach for all kinds, and the rows it sees by the table of owners alone."""

    def arrange(world: World) -> set[tuple[str, int]]:
        world.grant(rest=reach)
        return {name for name, owners in world.owners.items() if owners <= set(SEEN[reach])}

    return arrange


def narrow(world: World) -> set[tuple[str, int]]:
    """Everything is seen but customers and contacts, of which only one's own: their names must not come along."""
    world.grant(rest=Reach.ALL, customers=Reach.OWN, contacts=Reach.OWN)
    people = {"parties.customer", "parties.contact"}
    named_after = {m._meta.label_lower for m in owned_kinds() if people & {*getattr(m, "NAMED_AFTER", ())}}
    narrowed = {"trash", *people, *named_after}
    return {name for name, owners in world.owners.items() if name[0] not in narrowed or owners == {"own"}}


def given(until: dt.timedelta | None, *, may_change: bool) -> Callable[[World], set[tuple[str, int]]]:
    """One's own, and beside that one customer of a stranger's that was shared or lent, with what belongs to it."""

    def arrange(world: World) -> set[tuple[str, int]]:
        seen = reaching(Reach.OWN)(world)
        stranger = world.people["stranger"]
        customer = world.records["contacts"]["stranger"].customer
        end = timezone.now() + until if until else None
        make.some_share(customer, user=world.reader, until=end, may_change=may_change, granted_by=stranger)
        if until and until < dt.timedelta():
            return seen
        contact = world.records["contacts"]["stranger"]
        return seen | {("parties.customer", customer.pk), ("parties.contact", contact.pk)}

    return arrange


WORDLESS = {
    "catalog.price",
    "trade.orderline", "parties.share", "parties.sensitivelook", "value.standing", "value.score", "value.move",
    "stewardship.takencard", "stewardship.handover", "stewardship.handoverbrief", "stewardship.confirmation",
    "trade.journalentry", "trade.posting", "trade.deliveryline", "trade.reservation", "trade.debtoraccount",
}  # fmt: skip
"""Kinds whose free texts no list shows, and those that the tests make afterwards."""
ROLES: dict[str, Callable[[World], set[tuple[str, int]]]] = {
    **{reach.name.lower(): reaching(reach) for reach in Reach},
    "narrow": narrow,
    "shared": given(None, may_change=False),
    "lent": given(dt.timedelta(hours=1), may_change=True),
    "lent-till-yesterday": given(-dt.timedelta(hours=1), may_change=True),
}


ONE_TIME = r"[A-Za-z0-9]{64}"
NOBODYS = 999_999_999
WHOLE = {"own", "narrow", "lent"}
"""Roles that try every address; the others try the doors that every kind has."""


def of_lists(slug: str) -> Iterator[str]:
    """The doors of one kind's rows: all columns of the list, the file, the API, what a picker offers."""
    columns = ",".join(column.path for column in resource(slug).all_columns)
    yield from (
        f"/{slug}/?cols={columns}",
        f"/{slug}/export/?cols={columns}",
        f"/api/v1/{slug}/",
        f"/{slug}/pick/",
    )


def of_questions(slug: str, world: World) -> Iterator[str]:
    """What one can ask of a kind: by a relation to a stranger's customer, and by a word of a stranger's."""
    theirs = world.records["customers"]["stranger"].pk
    for column in resource(slug).all_columns:
        if column.path.rpartition("__")[2] in ("customer", "parent"):
            yield f"/{slug}/?f={column.path}:in:{theirs}"
    record = world.records[slug]["stranger"]
    yield f"/search/?q={world.words[record._meta.label_lower, record.pk]}"
    yield f"/{slug}/pick/?q=zq"


def of_records(slug: str, world: World, *, whole: bool) -> Iterator[tuple[tuple[str, int], str]]:
    """The doors of single records, with the row that each is about."""
    for whose, record in world.records[slug].items():
        name = (record._meta.label_lower, record.pk)
        yield name, f"/{slug}/{record.pk}/" if whole else f"/api/v1/{slug}/{record.pk}"
        if whole and whose in ("own", "stranger"):
            yield from ((name, f"/{slug}/{record.pk}/{way}/") for way in ("history", "edit"))
            yield name, f"/api/v1/{slug}/{record.pk}"


# More of these are there than one by owner: others bring them along.
MADE_ALONG = {"shares", "hand-overs"}


def told(world: World, seen: set[tuple[str, int]], text: str, url: str) -> list[str]:
    """The words of unseen rows in an answer; what one asked with is one's own."""
    words = words_in(text)
    return [
        word for name, word in world.words.items() if name not in seen and word in words and word not in url
    ]


@pytest.mark.parametrize("role", ROLES)
def test_no_answer_tells_what_is_out_of_reach(role: str, judged_world: World) -> None:
    whole, world = role in WHOLE, judged_world
    seen = ROLES[role](world)
    browser, program = make.signed_in(world.reader), make.speaking(world.reader)
    of_rows = [pair for slug in OWNED for pair in of_records(slug, world, whole=whole)]
    asked = ["/trash/", "/api/v1/trash/", *(url for slug in OWNED for url in of_lists(slug))]
    if whole:
        asked += [url for slug in OWNED for url in of_questions(slug, world)]
        asked += addresses([world.records["customers"][whose].pk for whose in ("own", "stranger")])
    leaks, met = [], set()
    for name, url in [*of_rows, *((None, url) for url in dict.fromkeys(asked))]:
        status, text = answered(program if url.startswith("/api/") else browser, url)
        leaks += [f"{word} at {url}" for word in told(world, seen, text, url)]
        if name and name not in seen and status not in (403, 404):
            leaks.append(f"{status} at {url}")
        words = words_in(text)
        met |= {row for row in seen if world.words[row] in words}
    for slug in OWNED:
        number = sum(kind == resource(slug).model._meta.label_lower for kind, _pk in seen)
        text = answered(browser, f"/{slug}/count/")[1]
        assert slug in MADE_ALONG or text.split()[0] == str(number), f"{slug}: {text}, not {number}"
    assert leaks == []
    assert {kind for kind, _pk in seen - met} <= WORDLESS, "a word of a seen row was met nowhere"


def test_what_is_not_yours_reads_as_what_does_not_exist(judged_world: World) -> None:
    world = judged_world
    ROLES["own"](world)
    browser, program = make.signed_in(world.reader), make.speaking(world.reader)
    browser.get("/trash/")  # the first request of a session costs more
    for slug in OWNED:
        answers, costs = [], []
        for key in (world.records[slug]["stranger"].pk, NOBODYS):
            for url in (f"/{slug}/{key}/", f"/{slug}/{key}/history/", f"/api/v1/{slug}/{key}"):
                with CaptureQueriesContext(connection) as queries:
                    status, text = answered(program if "api" in url else browser, url)
                answers.append((status, re.sub(ONE_TIME, "", text).replace(f"/{slug}/{key}", "…")))
                costs.append(len(queries))
        assert answers[:3] == answers[3:], slug
        assert costs[:3] == costs[3:], slug


@pytest.mark.parametrize("role", ["own", "narrow"])
def test_no_attempt_changes_what_is_out_of_reach(role: str, judged_world: World) -> None:
    world = judged_world
    seen = ROLES[role](world)
    browser, program = make.signed_in(world.reader), make.speaking(world.reader)
    before, answers = everything(), []
    for slug in OWNED:
        for record in world.records[slug].values():
            if (record._meta.label_lower, record.pk) in seen:
                continue
            base, field, value = f"/{slug}/{record.pk}/", SUBJECTS[slug].field, SUBJECTS[slug].value
            answers.append(browser.post(f"{base}delete/").status_code)
            ids = {"ids": [record.pk], "owner": world.reader.pk}
            deleted = browser.post(f"/{slug}/bulk/", {"action": "delete", **ids}).status_code
            assert deleted == (400 if resource(slug).delete is never_delete else 302)
            browser.post(f"/{slug}/bulk/", {"action": "hand_over", **ids})
            if slug in WRITTEN:
                answers.append(browser.post(f"{base}edit/", {field: value}).status_code)
                answers.append(browser.post(f"{base}cell/{field}/", {field: value}).status_code)
                change = json.dumps({field: value})
                answers.append(program.patch(f"/api/v1{base}", change, "application/json").status_code)
                answers.append(program.patch(f"/api/v1{base[:-1]}", change, "application/json").status_code)
                answers.append(program.delete(f"/api/v1{base[:-1]}").status_code)
    assert set(answers) == {404}
    assert everything() == before
    assert resource("customers").model._default_manager.count() > len(SEEN)

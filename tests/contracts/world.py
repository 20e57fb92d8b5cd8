"""A company small enough to make in a moment, in which every row says whose it is: a word that must not leak."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import CharField, Model, TextField
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from clientier.core import commands
from clientier.core.actor import Door, Reach, system
from clientier.core.models import AuditEntry
from clientier.rooms.people.models import User
from clientier.rooms.value.commands.runs import run_value
from clientier.rooms.value.models import ValueRun
from tests import factories as make
from tests.contracts.subjects import OWNED, REFUSES_EVERY_CHANGE, SLUGS, made, refuses, resource

OWNERS = ("own", "mate", "neighbour", "stranger")
SEEN = {
    Reach.NONE: (), Reach.OWN: OWNERS[:1], Reach.TEAM: OWNERS[:2], Reach.TERRITORY: OWNERS[:3], Reach.ALL: OWNERS,
}  # fmt: skip
SHORTEST = 12
TRASHED = ("trash", 0)
FREE_TEXT = (CharField, TextField)
UNCHANGING = {resource(slug).model._meta.label_lower for slug in REFUSES_EVERY_CHANGE} | {
    "trade.journalentry"
}
BESIDE = ("value.standing", "value.score", "value.move", "parties.loanrequest")


PLANTED = re.compile(r"(?=(zq[a-z]+?qz))")  # looked for at every letter: what was cut short hides no other


@dataclass
class World:
    """``records`` by slug and owner; ``words`` is the canary of each row by kind and key."""

    people: dict[str, User]
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    owners: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    words: dict[tuple[str, int], str] = field(default_factory=dict)

    @property
    def reader(self) -> User:
        return self.people["own"]

    def grant(self, **reaches: Reach) -> None:
        """Give the reader's role a reach for every kind, and other ones for the kinds named by their slugs."""
        named = {
            resource(slug.replace("_", "-")).model._meta.label_lower: r
            for slug, r in reaches.items()
            if slug != "rest"
        }
        kinds = {resource(slug).model._meta.label_lower for slug in SLUGS} | set(BESIDE)
        make.grant_all(self.reader.role, {kind: named.get(kind, reaches["rest"]) for kind in kinds})


def company() -> World:
    """Four owners with a record of every kind each; the reader's mate, and a neighbour's customers in the territory.

    It has a value run behind it, so that pictures and sums have something to show.
    """
    team, territory = make.some_team(), make.some_territory()
    own = make.some_user(team=team, territory=territory)
    people = {
        "own": own,
        "mate": make.some_user(team=team),
        "neighbour": make.some_user(),
        "stranger": make.some_user(),
    }
    world = World(people)
    for slug in OWNED:
        world.records[slug] = {whose: made(slug, user) for whose, user in people.items()}
    customers = type(world.records["customers"]["own"]).objects
    customers.filter(owner=people["neighbour"]).update(territory=territory)
    for slug in OWNED:
        record = world.records[slug]["neighbour"]
        if record.TERRITORY_PATH == "territory":  # type: ignore[attr-defined]
            type(record)._default_manager.filter(pk=record.pk).update(territory=territory)
    run_value(ValueRun, actor=system(Door.COMMAND), as_of=make.DAY)
    _tie_across(world)
    for model in owned_kinds():
        for record in model._default_manager.all():
            _mark(world, record)
    _delete_one(world)
    return world


def _delete_one(world: World) -> None:
    """A customer of the stranger's lies in the trash, with its word."""
    gone = make.some_customer(owner=world.people["stranger"])
    _mark(world, gone)
    kept = ("parties.customer", gone.pk)
    world.words[TRASHED], world.owners[TRASHED] = world.words.pop(kept), world.owners.pop(kept)
    commands.delete(gone, actor=system())


def owned_kinds() -> list[type[Model]]:
    return [
        m
        for m in apps.get_models()
        if hasattr(m, "OWNER_PATH") and m.__module__.startswith("clientier.rooms.")
    ]


def _tie_across(world: World) -> None:
    """What the reader has refers to what is a stranger's, wherever a relation may lead there."""
    theirs = {resource(slug).model: kept["stranger"] for slug, kept in world.records.items()}
    for slug, kept in world.records.items():
        if hasattr(resource(slug).model, "OTHER_END") or slug in REFUSES_EVERY_CHANGE:
            continue  # both its ends decide whose it is; or not even a test changes it
        mine, belonging = kept["own"], str(resource(slug).model.OWNER_PATH).split("__")[0]  # type: ignore[attr-defined]
        for relation in type(mine)._meta.concrete_fields:
            target = theirs.get(relation.related_model)  # type: ignore[arg-type]
            if target is not None and relation.name != belonging and not refuses(mine, relation.name):
                type(mine)._default_manager.filter(pk=mine.pk).update(**{relation.name: target})
    task = world.records["tasks"]["own"]
    type(task).objects.filter(pk=task.pk).update(customer=world.records["customers"]["stranger"])


def _mark(world: World, record: Any) -> None:
    """Fill the free texts of a row with its word, save search keys, and note whose it is."""
    name = (record._meta.label_lower, record.pk)
    label = re.sub(r"[^a-z]", "", record._meta.label_lower)
    word = world.words[name] = f"zq{label}{''.join('abcdefghij'[int(d)] for d in str(record.pk))}qz"
    for each in record._meta.concrete_fields if record._meta.label_lower not in UNCHANGING else ():
        free = (
            isinstance(each, FREE_TEXT)
            and not each.choices
            and each.editable
            and (each.max_length or 99) >= SHORTEST
        )
        kept = each.name in ("email", "search", "sort_key", "origin", "digest")
        if free and not kept and not refuses(record, each.name):
            setattr(record, each.name, word[: each.max_length or 99])
    if record._meta.label_lower not in UNCHANGING:
        record.save()
    world.owners[name] = set()
    ends = [record.OWNER_PATH, *[end[0] for end in [getattr(record, "OTHER_END", None)] if end]]
    for end in ends:
        owner = type(record)._default_manager.filter(pk=record.pk).values_list(end, flat=True).get()
        world.owners[name] |= {whose for whose, user in world.people.items() if user.pk == owner} or {
            "nobody"
        }


def addresses(customers: list[int]) -> Iterator[str]:
    """The addresses that are no kind's own, such as pictures and sums, with each customer where they take a key."""
    for pattern in sorted(set(_patterns(get_resolver().url_patterns, "/"))):
        if pattern.split("/")[1] in {*SLUGS, "api", "sign-in", "sign-out", "static"} - {"customers"}:
            continue
        taken = re.findall(r"<(?:(\w+):)?(\w+)>", pattern)
        if not taken:
            yield pattern
        elif [kind for kind, _name in taken] == ["int"]:
            yield from (re.sub(r"<[^>]+>", str(key), pattern) for key in customers)


def _patterns(patterns: list[Any], base: str) -> Iterator[str]:
    for pattern in patterns:
        route = str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns, base + route)
        elif isinstance(pattern, URLPattern) and "(?P" not in route:
            yield base + route


def words_in(text: str) -> set[str]:
    """The words of rows that a text holds, found in one reading."""
    return set(PLANTED.findall(text))


def answered(client: Client, url: str) -> tuple[int, str]:
    """The status and the whole text of an answer."""
    response = client.get(url)
    text = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    return response.status_code, text.decode(errors="replace")


def everything() -> dict[str, list[Any]]:
    """All rows of all kinds, to tell whether anything was changed."""
    kinds = [m for m in apps.get_models() if m.__module__.startswith("clientier.rooms.")]
    kept = {m._meta.label_lower: list(m._default_manager.order_by("pk").values()) for m in kinds}
    kept.pop("people.user"), kept.pop("people.apitoken")
    return kept | {"audit": list(AuditEntry.objects.order_by("pk").values("pk"))}

"""What was meant comes first: the name itself, then beginnings, then parts and slips; one's own before others'."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clientier.core.actor import Actor, Reach
from clientier.kit import finding
from clientier.kit.finding import nearest
from clientier.kit.resource import REGISTRY
from clientier.rooms.people.queries import actor_of
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)


def names(text: str, actor: Actor | None = None, *, limit: int = 6, slug: str = "customers") -> list[str]:
    whose = actor or actor_of(make.administrator())
    return [str(found) for found in nearest(REGISTRY[slug], whose, text, TODAY, limit=limit)]


def test_the_nearest_come_first() -> None:
    for name in ("Old Pearl Trading", "Pearl & Sons", "Imperial Pearlers", "Pearl", "Experarl", "Pearly"):
        make.some_customer(name=name)
    make.some_customer(name="Unnamed", other_names="Pearl")
    make.some_customer(name="Superpearls")
    assert names("pearl", limit=9) == [
        "Pearl", "Unnamed", "Pearl & Sons", "Pearly", "Imperial Pearlers", "Old Pearl Trading", "Superpearls",
    ]  # fmt: skip


def test_chinese_names_by_pinyin_and_like_sounding_characters() -> None:
    for name in ("明珠贸易", "上海明珠", "明朱科技", "名著出版"):
        make.some_customer(name=name)
    assert names("明珠") == ["明珠贸易", "上海明珠", "名著出版", "明朱科技"]
    assert names("mingzhu") == ["名著出版", "明朱科技", "明珠贸易", "上海明珠"]


def test_slips_are_met_only_where_there_is_room() -> None:
    for number in range(6):
        make.some_customer(name=f"Jonson {number}")
    make.some_customer(name="Johnson")
    assert "Johnson" not in names("jonson")
    assert names("johnson")[0] == "Johnson" and len(names("johnson")) == 6
    assert names("jhonson", limit=1) == ["Johnson"]


def test_of_equals_one_s_own_come_first() -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.ALL)
    make.some_customer(name="Pearl A")
    make.some_customer(name="Pearl B", owner=rep)
    assert names("pearl", actor_of(rep)) == ["Pearl B", "Pearl A"]


def test_what_is_out_of_reach_is_not_found_however_it_is_typed() -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.OWN)
    make.some_customer(name="Pearl 明珠")
    for text in ("p", "pearl", "earl", "paerl", "明珠", "明猪", "mz"):
        assert names(text) and not names(text, actor_of(rep)), text


@pytest.mark.parametrize("text", ["", "  ", "\0", "p\0", "'", "&|!", "🙂", "a" * 500])
def test_anything_may_be_typed(text: str) -> None:
    make.some_customer(name="Pearl")
    assert names(text) == []


def test_a_hidden_source_of_tokens_finds_nobody() -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.ALL)
    make.field_rule(rep.role, "parties.customer", "other_names", "hidden")
    make.some_customer(name="Pearl", other_names="Secretive")
    assert names("secretive", actor_of(rep)) == names("secretiv", actor_of(rep)) == []
    assert names("pear", actor_of(rep)) == ["Pearl"]


def test_the_beginnings_in_reach_are_found_behind_however_many_that_are_not() -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.OWN)
    for number in range(70):
        make.some_customer(name=f"Pearl {number:02}")
    for name in ("Pearl 99", "Pearl 98", "Old Pearl"):
        make.some_customer(name=name, owner=rep)
    assert names("pearl", actor_of(rep)) == ["Pearl 98", "Pearl 99", "Old Pearl"]
    assert names("p", actor_of(rep)) == ["Pearl 98", "Pearl 99"]


def test_figures_are_not_asked_for_with_slips() -> None:
    make.some_customer(name="Pearl", phone="+86 138 8123 4567")
    actor = actor_of(make.administrator())
    counts = {}
    for text in ("1388", "pear"):
        with CaptureQueriesContext(connection) as queries:
            assert names(text, actor) == ["Pearl"]
        counts[text] = len(queries)
    assert counts["1388"] == counts["pear"] - 1


@pytest.mark.parametrize("text", ["pearl", "earl", "paerl", "p", "4567", "明珠", "名珠", "mz", "nobody"])
@pytest.mark.parametrize("reach", [Reach.OWN, Reach.TEAM])
def test_asking_at_once_and_one_by_one_find_the_same(
    reach: Reach, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rep = make.some_user(team=make.some_team())
    make.grant(rep.role, "parties.customer", reach)
    for name in ("Pearl", "Old Pearl", "Pearls & Sons", "Experarl", "上海明珠", "明猪"):
        make.some_customer(name=name, owner=rep)
    make.some_customer(name="Pearl Harbour", phone="+86 138 8123 4567", owner=make.some_user(team=rep.team))
    at_once = names(text, actor_of(rep))
    monkeypatch.setattr(finding, "FEW", -1)
    assert names(text, actor_of(rep)) == at_once


def test_whoever_reaches_a_part_is_answered_by_one_question_and_one_for_the_records() -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.OWN)
    make.some_customer(name="Pearl", owner=rep)
    actor = actor_of(rep)
    for text, asked in (("paerl", 2), ("nobody", 1)):
        names(text, actor)
        with CaptureQueriesContext(connection) as queries:
            names(text, actor)
        assert sum('FROM "parties_customer"' in query["sql"] for query in queries) == asked


def test_slips_are_left_out_for_whoever_reaches_a_part_too_where_there_is_no_room() -> None:
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.OWN)
    for number in range(6):
        make.some_customer(name=f"Jonson {number}", owner=rep)
    make.some_customer(name="Johnson", owner=rep)
    assert len(names("jonson", actor_of(rep), limit=9)) == 7
    assert "Johnson" not in names("jonson", actor_of(rep))

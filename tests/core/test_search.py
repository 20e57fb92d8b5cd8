from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from clientier.core.search import LOOKING_UP, by_index, looking_up
from clientier.core.tokens import contained, fold, prefixes, sort_key, tokens, vector
from clientier.rooms.parties.models import Customer
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def customers() -> None:
    make.some_customer(name="上海明珠贸易有限公司", phone="+86 (021) 5888-1234", external_id="C-1001")
    make.some_customer(name="明日科技", other_names="Morgen Technik")
    make.some_customer(name="Café Zoë & Søn GmbH", email="info@zoe.example")
    make.some_customer(name="O'Brien \\ Partners", external_id="AB_77")
    make.some_customer(name="ＡＢＣ 株式会社")
    make.some_customer(name="Straße 5 Verlag")


def found(query: str) -> list[str]:
    return sorted(Customer.objects.filter(search__matches=query).values_list("name", flat=True))


PEARL, MORROW, CAFE = "上海明珠贸易有限公司", "明日科技", "Café Zoë & Søn GmbH"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("明珠", [PEARL]),
        ("海明珠", [PEARL]),
        ("明", [MORROW, PEARL]),
        ("司", [PEARL]),
        ("珠明", []),
        ("贸易 上海", [PEARL]),
        ("上海 科技", []),
        ("shanghaimingzhu", [PEARL]),
        ("mingzhu", [PEARL]),
        ("MingZ", [PEARL]),
        ("keji", [MORROW]),
        ("shmz", [PEARL]),
        ("mzmy", [PEARL]),
        ("mrkj", [MORROW]),
        ("kj", [MORROW]),
    ],
)
def test_chinese_names_are_found_by_characters_pinyin_and_initials(
    customers: None, query: str, names: list[str]
) -> None:
    assert found(query) == sorted(names)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("cafe", [CAFE]),
        ("CAFÉ zoe", [CAFE]),
        ("zo gm", [CAFE]),
        ("abc", ["ＡＢＣ 株式会社"]),
        ("ａｂｃ", ["ＡＢＣ 株式会社"]),
        ("straße", ["Straße 5 Verlag"]),
        ("morgen", [MORROW]),
        ("info@zoe.example", [CAFE]),
        ("o'brien", ["O'Brien \\ Partners"]),
        ("brien", ["O'Brien \\ Partners"]),
        ("ab_77", ["O'Brien \\ Partners"]),
        ("fé", []),
    ],
)
def test_latin_words_are_found_by_their_beginnings_whatever_their_case_and_accents(
    customers: None, query: str, names: list[str]
) -> None:
    assert found(query) == names


@pytest.mark.parametrize(
    "query", ["58881234", "888123", "1234", "021", "86021", "5888-1234", "021 5888", "+86", "1001"]
)
def test_numbers_are_found_by_any_part(customers: None, query: str) -> None:
    assert PEARL in found(query)


@pytest.mark.parametrize("query", ["234567", "99999"])
def test_digits_in_another_order_find_nothing(customers: None, query: str) -> None:
    assert found(query) == []


@pytest.mark.parametrize(
    "query",
    ["'", "''", "\\", "'\\''", "a'b", "a & !b", "| (", ":*", "zoe:*", "<->", "🙂", "zoe🙂", "%", "_", '"',
     "\x00", "zo\x00e", "é" * 300, "(", "a\tb\nc", "؟ ء", "\ud7ff"],
)  # fmt: skip
def test_nasty_input_is_only_text(customers: None, query: str) -> None:
    assert isinstance(found(query), list)


@pytest.mark.parametrize("query", ["", "   ", "'", "🙂", "%%%"])
def test_what_holds_nothing_to_find_finds_nothing(customers: None, query: str) -> None:
    assert found(query) == []


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_makes_a_vector_and_a_query_that_postgresql_reads_and_finds_itself(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [vector(tokens([text])), prefixes(text)])
        assert cursor.fetchone() == (bool(prefixes(text)),)


@pytest.mark.parametrize(
    ("text", "folded"), [("Ａé", "ae"), ("ÅNGSTRÖM", "angstrom"), ("ﬁn", "fin"), ("中文", "中文")]
)
def test_folding_removes_case_width_and_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_names_are_sorted_as_people_look_for_them() -> None:
    names = ["赵六", "Zeta", "éclair", "李四", "Apple", "阿里", "张三", "Eclipse"]
    assert sorted(names, key=sort_key) == [
        "阿里",
        "Apple",
        "éclair",
        "Eclipse",
        "李四",
        "Zeta",
        "张三",
        "赵六",
    ]


def test_a_sort_key_is_never_longer_than_its_column() -> None:
    assert len(sort_key("长" * 200)) == 120
    make.some_customer(name="长" * 200)
    make.some_customer(name="x" * 200)


def test_tokens_follow_the_name_when_it_changes() -> None:
    customer = make.some_customer(name="Alpha")
    customer.name = "贝塔"
    customer.save()
    assert found("alpha") == []
    assert found("beita") == ["贝塔"]
    customer.refresh_from_db()
    assert customer.sort_key == "bei ta"


LETTERS = st.text(alphabet="上海明珠司a B\u0301é-ＡＢ0豈﨎㊤々\ufe00\u3099が", max_size=12)


@settings(max_examples=80)
@given(before=LETTERS, part=LETTERS, after=LETTERS)
def test_what_contains_a_text_is_found_by_the_characters_that_are_certain(
    before: str, part: str, after: str
) -> None:
    certain = contained(part)
    if not certain:
        return
    with connection.cursor() as cursor:
        token_text, query = vector(tokens([before + part + after])), prefixes(certain)
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [token_text, query])
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("明珠", "明珠"),
        (" 明珠A司", "明珠 司"),
        ("Ltd", ""),
        ("", ""),
        ("\uf900", ""),
        ("々", ""),
        ("50%", ""),
    ],
)
def test_only_characters_that_neither_case_nor_folding_changes_are_certain(text: str, certain: str) -> None:
    assert contained(text) == certain


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("tisan", ["Artisan Verlag"]),
        ("artsian", ["Artisan Verlag"]),
        ("artizan", ["Artisan Verlag"]),
        ("artissan", ["Artisan Verlag"]),
        ("artsan verlag", ["Artisan Verlag"]),
        ("partisan", ["Artisan Verlag"]),
        ("arztsian", []),
        ("erla", ["Artisan Verlag", "Straße 5 Verlag"]),
        ("明猪", [PEARL]),
        ("明珠", [PEARL]),
        ("tra5", []),
        ("", []),
        ("!?", []),
    ],
)
def test_loosely_a_slip_a_part_of_a_word_and_a_like_sound_are_found(
    customers: None, query: str, names: list[str]
) -> None:
    make.some_customer(name="Artisan Verlag")
    near = Customer.objects.filter(search__loosely=query)
    assert sorted(near.values_list("name", flat=True)) == names


@given(st.text(alphabet="abcdeé ñ明珠'\\-~&|!:*()", max_size=30))
@settings(deadline=None, max_examples=40)
def test_whatever_is_typed_can_be_asked_loosely(text: str) -> None:
    assert list(Customer.objects.filter(search__loosely=text)) == []


def test_two_characters_are_looked_up_as_they_are_and_one_as_a_beginning() -> None:
    assert prefixes("明珠贸") == "'明珠' & '珠贸'"
    assert prefixes("明 pearl") == "'明':* & 'pearl':*"


def test_the_few_rows_of_an_owner_are_read_rather_than_all_that_have_a_common_token() -> None:
    owners = [make.some_user() for _ in range(20)]
    Customer.objects.bulk_create(
        Customer(name=f"Wang {place % 150} house{place % 7}", owner=owners[place % 20])
        for place in range(6000)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gin_clean_pending_list('customer_search')"
        )  # as nightly work does; it costs otherwise
        cursor.execute("ANALYZE parties_customer")
    mine = Customer.objects.filter(owner=owners[0]).order_by()
    everybodys = Customer.objects.filter(owner__in=owners).order_by()
    plans = {}
    for text, reach in (("wang", mine), ("unheard", everybodys)):
        with by_index(alone=True):
            plans[text] = reach.filter(search__matches=text)[:60].explain()
    assert "customer_search" not in plans["wang"] and "owner_id" in plans["wang"]
    assert "customer_search" in plans["unheard"]


def setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return str(cursor.fetchone()[0])


def test_around_many_look_ups_it_is_set_once_and_afterwards_nothing_is_left() -> None:
    names = [*LOOKING_UP, "enable_indexscan"]
    before = [setting(name) for name in names]
    with CaptureQueriesContext(connection) as queries, looking_up():
        for alone in (False, True, False):
            with by_index(alone=alone):
                assert setting("enable_seqscan") == "off"
                assert setting("enable_indexscan") == ("off" if alone else "on")
        assert setting("enable_seqscan") == "off"
    assert sum("enable_seqscan = " in each["sql"] for each in queries.captured_queries) == 1
    assert [setting(name) for name in names] == before


def test_a_look_up_that_fails_leaves_the_next_one_to_set_all_anew() -> None:
    with pytest.raises(ValueError, match="broken"), transaction.atomic(), by_index(alone=True):
        raise ValueError("broken")
    assert setting("enable_seqscan") == "on"
    with by_index(alone=False):
        assert setting("enable_seqscan") == "off"

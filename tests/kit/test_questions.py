from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from clientier.core.errors import BadQuestion
from clientier.kit import questions, resource, rows
from clientier.kit.questions import Condition, Question
from clientier.rooms.activities.models import Interaction
from clientier.rooms.catalog.models import Product
from clientier.rooms.parties.models import Customer
from clientier.rooms.people.queries import actor_of
from tests import factories as make

TODAY = dt.date(2026, 3, 10)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
path = st.text(st.characters(whitelist_categories=["Ll"], max_codepoint=127), min_size=1, max_size=8)


@given(
    st.builds(
        Question,
        conditions=st.lists(st.builds(Condition, path, path, text, st.booleans()), max_size=3).map(tuple),
        search=text.map(str.strip),
        order=text,
        columns=st.lists(path, max_size=3).map(tuple),
        after=text,
        before=text,
    )
)
def test_a_question_survives_being_written_into_a_url(question: Question) -> None:
    written = question.query(after=question.after, before=question.before)
    assert Question.parse(QueryDict(written)) == question


def test_another_question_begins_at_the_first_page() -> None:
    question = Question(search="a", after="somewhere")
    assert question.query(order="name") == "q=a&order=name"


@pytest.mark.parametrize("condition", ["name", "name:is", ""])
def test_a_filter_with_parts_missing_is_refused_in_words(condition: str) -> None:
    with pytest.raises(BadQuestion, match="cannot be read"):
        Condition.parse(condition)


def answers(model: Any, kind: str, condition: str) -> list[int]:
    found = model.objects.filter(questions.as_filter(Condition.parse(condition), kind, TODAY))
    return sorted(found.values_list("pk", flat=True))


def found(*conditions: str) -> list[str]:
    """The names of the customers that answer all conditions together, as a list asks them."""
    asked = Question(conditions=tuple(map(Condition.parse, conditions)))
    customers = rows.select(resource.of(Customer), actor_of(make.administrator()), asked, TODAY)
    return sorted(customers.values_list("name", flat=True))


def brute(model: Any, field: str, holds: Callable[[Any], bool]) -> list[int]:
    return sorted(record.pk for record in model.objects.all() if holds(getattr(record, field)))


def no(value: Any) -> bool:
    return value is None or value == ""


TEXTS: list[tuple[str, Callable[[str], bool]]] = [
    ("city:contains:on", lambda v: "on" in v.lower()),
    ("city:contains:%", lambda v: "%" in v),
    ("city:contains:_", lambda v: "_" in v),
    ("city:contains:\\", lambda v: "\\" in v),
    ("city:contains:a:b", lambda v: "a:b" in v),
    ("city:contains:,", lambda v: "," in v),
    ("city:is:Bonn", lambda v: v == "Bonn"),
    ("city:is:", lambda v: v == ""),
    ("city:starts:b", lambda v: v.lower().startswith("b")),
    ("city:empty:", no),
    ("city:filled:", lambda v: not no(v)),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("condition", "holds"), TEXTS, ids=[c for c, _ in TEXTS])
def test_text_is_asked_as_python_would(condition: str, holds: Callable[[str], bool]) -> None:
    for city in ("Bonn", "bonn", "LONDON", "", "100%", "a_b", "back\\slash", "a:b,c", "上海", "Bo"):
        make.some_customer(city=city)
    assert answers(Customer, "text", condition) == brute(Customer, "city", holds)


NUMBERS: list[tuple[str, Callable[[Any], bool]]] = [
    ("cost:gte:2.5", lambda v: v is not None and v >= Decimal("2.5")),
    ("cost:lte:2.5", lambda v: v is not None and v <= Decimal("2.5")),
    ("cost:between:1,2.5", lambda v: v is not None and 1 <= v <= Decimal("2.5")),
    ("cost:between:9,1", lambda v: False),
    ("cost:empty:", no),
    ("cost:filled:", lambda v: v is not None),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("condition", "holds"), NUMBERS, ids=[c for c, _ in NUMBERS])
def test_numbers_are_asked_as_python_would(condition: str, holds: Callable[[Any], bool]) -> None:
    for cost in (None, 0, 1, "2.4999", "2.5", "2.5001", 1000):
        make.some_product(cost=cost and Decimal(cost))
    assert answers(Product, "money", condition) == brute(Product, "cost", holds)


@pytest.mark.django_db
@pytest.mark.parametrize("bound", ["1.5", "-1.5", "2", "99999999999999999999", "-99999999999999999999"])
@pytest.mark.parametrize("operator", ["gte", "lte"])
def test_whole_numbers_are_compared_with_any_number(operator: str, bound: str) -> None:
    for employees in (None, 0, 1, 2, 3):
        make.some_customer(employees=employees)
    compare = {
        "gte": lambda v: v is not None and v >= Decimal(bound),
        "lte": lambda v: v is not None and v <= Decimal(bound),
    }
    expected = brute(Customer, "employees", compare[operator])
    assert answers(Customer, "number", f"employees:{operator}:{bound}") == expected


def back(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


DATES: list[tuple[str, Callable[[Any], bool]]] = [
    ("within:7", lambda v: v is not None and back(7) <= v <= TODAY),
    ("within:0", lambda v: v == TODAY),
    ("ahead:1", lambda v: v is not None and TODAY <= v <= back(-1)),
    ("older:7", lambda v: v is not None and v < back(7)),
    ("gte:2026-03-03", lambda v: v is not None and v >= back(7)),
    ("lte:2026-03-03", lambda v: v is not None and v <= back(7)),
    ("between:2026-03-02,2026-03-09", lambda v: v is not None and back(8) <= v <= back(1)),
    ("empty:", no),
    ("filled:", lambda v: v is not None),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("condition", "holds"), DATES, ids=[c for c, _ in DATES])
def test_days_are_asked_as_python_would(condition: str, holds: Callable[[Any], bool]) -> None:
    for days in (-40, -1, 0, 1, 6, 7, 8, 400):
        make.some_customer(first_seen=back(days))
    make.some_customer(first_seen=None)
    assert answers(Customer, "date", f"first_seen:{condition}") == brute(Customer, "first_seen", holds)


@pytest.mark.django_db
@pytest.mark.parametrize(("condition", "holds"), DATES[:6], ids=[c for c, _ in DATES[:6]])
def test_moments_are_asked_by_the_companys_day(condition: str, holds: Callable[[Any], bool]) -> None:
    customer, user = make.some_customer(), make.some_user()
    for hours in (-30, 0, 5, 6, 7, 18, 24 * 7 - 1, 24 * 7 + 1, 24 * 8, 24 * 30):
        at = dt.datetime(2026, 3, 10, 23, tzinfo=dt.UTC) - dt.timedelta(hours=hours)
        make.some_interaction(customer, user=user, at=at)
    with timezone.override("Asia/Shanghai"):
        expected = brute(Interaction, "at", lambda at: holds(timezone.localdate(at)))
        assert answers(Interaction, "datetime", f"at:{condition}") == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("kind:in:company", lambda v: v == "company"),
        ("kind:in:company,person", lambda v: True),
        ("kind:in:", lambda v: False),
        ("kind:not_in:person", lambda v: v != "person"),
        ("kind:not_in:", lambda v: True),
        ("kind:in:unheard", lambda v: False),
        ("kind:empty:", no),
    ],
)
def test_choices_are_asked_as_python_would(condition: str, holds: Callable[[str], bool]) -> None:
    for kind in ("company", "person", "company"):
        make.some_customer(kind=kind)
    assert answers(Customer, "choice", condition) == brute(Customer, "kind", holds)


@pytest.mark.django_db
def test_an_alternative_stands_with_the_condition_before_it() -> None:
    for name, city in (("a", "Köln"), ("b", "Bonn"), ("c", "Bonn"), ("d", "Ulm")):
        make.some_customer(name=name, city=city)
    assert found("name:is:a", "~city:is:Bonn", "name:contains:c", "~name:is:a") == ["a", "c"]
    assert found("~city:is:Ulm", "~name:contains:b") == ["b", "d"]


def test_what_was_an_alternative_to_a_removed_condition_stands_for_itself() -> None:
    asked = Question(conditions=tuple(map(Condition.parse, ("a:is:1", "~b:is:2", "~c:is:3", "d:is:4"))))
    left = [[str(each) for each in asked.without(place).conditions] for place in range(4)]
    assert left == [
        ["b:is:2", "~c:is:3", "d:is:4"], ["a:is:1", "~c:is:3", "d:is:4"], ["a:is:1", "~b:is:2", "d:is:4"],
        ["a:is:1", "~b:is:2", "~c:is:3"],
    ]  # fmt: skip


@pytest.mark.django_db
def test_relations_are_asked_by_key() -> None:
    ada, ben = make.some_user(), make.some_user()
    a, b, nobody = (make.some_customer(owner=owner).pk for owner in (ada, ben, None))
    assert answers(Customer, "user", f"owner:in:{ada.pk},{ben.pk}") == [a, b]
    assert answers(Customer, "user", f"owner:not_in:{ada.pk}") == [b, nobody]
    assert answers(Customer, "user", "owner:empty:") == [nobody]
    assert answers(Customer, "user", "owner:filled:") == [a, b]
    assert answers(Customer, "user", "owner:in:99999999999999999999") == []


@pytest.mark.django_db
def test_yes_and_no() -> None:
    sold, gone = make.some_product(active=True).pk, make.some_product(active=False).pk
    assert answers(Product, "bool", "active:is:yes") == [sold]
    assert answers(Product, "bool", "active:is:no") == [gone]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "condition"),
    [
        ("number", "employees:gte:many"), ("number", "employees:between:1"), ("number", "employees:gte:NaN"),
        ("number", "employees:gte:Infinity"), ("number", "employees:gte:1e999999"), ("money", "cost:gte:1e40"),
        ("number", "employees:contains:1"), ("date", "first_seen:gte:2026-02-30"), ("date", "first_seen:within:x"),
        ("date", "first_seen:within:-99999999999"), ("date", "first_seen:older:99999999999999"),
        ("relation", "owner:in:ada"), ("bool", "active:is:perhaps"), ("choice", "kind:gte:1"), ("spark", "kind:is:1"),
        ("text", "city:contains:\x00"), ("text", "city:is:a\x00"), ("choice", "kind:in:\x00"),
        ("number", "employees:no_such:1"),
    ],
)  # fmt: skip
def test_values_that_do_not_fit_are_refused_in_words(kind: str, condition: str) -> None:
    model = Product if condition.startswith(("cost", "active")) else Customer
    try:
        found = answers(model, kind, condition)
    except BadQuestion as refusal:
        assert "filter" in str(refusal)
    else:
        assert found == []


def test_every_operator_has_a_label_and_a_builder() -> None:
    for operators in questions.OPERATORS.values():
        for operator in operators:
            assert str(questions.OPERATOR_LABELS[operator])
            assert operator in questions._BUILDERS


@pytest.mark.django_db
@pytest.mark.parametrize(
    "part", ["明珠", "贸", "司A", "a司", "o明珠", "o", "ABC", "珠明", "%", "有限 公司", "ＡＢＣ"]
)
def test_a_list_finds_all_names_that_contain_the_text_by_whatever_way(part: str) -> None:
    names = (
        "上海明珠贸易有限公司",
        "明 珠",
        "Bo明珠",
        "公司a司ABC",
        "有限 公司",
        "Oslo",
        "ＡＢＣ株式会社",
        "珠明",
        "100%",
    )
    for name in names:
        make.some_customer(name=name, other_names="明珠 abc 司a")
    question = Question(conditions=(Condition("name", "contains", part),))
    found = rows.select(resource.of(Customer), make.acting(make.some_user()), question, TODAY)
    wanted = [name for name in names if part.lower() in name.lower()]
    assert sorted(found.values_list("name", flat=True)) == sorted(wanted)

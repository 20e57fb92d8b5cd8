"""Countries and industries are one thing in whatever words they come, and are shown in the words of the reader."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from clientier.core import commands
from clientier.core.coded import LISTS
from clientier.rooms.parties.models import Customer
from tests import factories as make
from tests.core.custom.defining import field
from tests.kit.imports.running import imported

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def browser() -> Client:
    return make.signed_in(make.administrator())


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Germany", "DE"),
        ("德国", "DE"),
        ("德國", "DE"),
        ("deu", "DE"),
        ("Deutschland", "DE"),
        ("Atlantis", "Atlantis"),
    ],
)
def test_a_country_is_kept_by_its_code_on_every_way_in_and_an_unknown_one_as_it_is_written(
    written: str, kept: str, browser: Client, tmp_path: Path
) -> None:
    admin = make.administrator()
    commands.create(Customer, actor=make.acting(admin), changes={"name": "By command", "country": written})
    browser.post("/customers/new/", {"kind": "company", "name": "By form", "country": written})
    body = json.dumps({"kind": "company", "name": "By program", "country": written})
    make.speaking(admin).post("/api/v1/customers/", body, JSON)
    file = tmp_path / "customers.csv"
    file.write_text(f"external_id,name,country\nF,By file,{written}\n")
    imported(file, "customers")
    Customer(name="By hand", country=written).save()
    found = dict(Customer.objects.values_list("name", "country"))
    assert found == dict.fromkeys(["By command", "By form", "By program", "By file", "By hand"], kept)


def test_an_industry_of_other_systems_is_known(tmp_path: Path) -> None:
    written = ["Not For Profit", "COMPUTER_SOFTWARE", "批发和零售业", "Falconry"]
    lines = [f"{place},Customer {place},{each}" for place, each in enumerate(written)]
    file = tmp_path / "customers.csv"
    file.write_text("\n".join(["external_id,name,industry", *lines]))
    imported(file, "customers")
    kept = Customer.objects.order_by("external_id").values_list("industry", flat=True)
    assert list(kept) == ["charity", "software", "wholesale", "Falconry"]


def test_every_reader_sees_the_name_in_the_own_language_in_lists_cards_and_files(browser: Client) -> None:
    customer = make.some_customer(country="KR", industry="food")
    question = "?cols=name,country,industry"
    for language, country, industry in (
        ("en", "South Korea", "Food and beverages"), ("zh-hans", "韩国", "食品饮料"), ("zh-hant", "南韓", "食品飲料"),
    ):  # fmt: skip
        browser.post("/language/", {"language": language})
        for url in (f"/customers/{question}", f"/customers/{customer.pk}/"):
            page = browser.get(url).content.decode()
            assert country in page, url
            assert industry in page, url
        file = b"".join(browser.get(f"/customers/export/{question}&format=csv"))  # type: ignore[call-overload]
        assert f"{country},{industry}" in file.decode("utf-8-sig")


def test_a_list_is_narrowed_by_countries_chosen_or_by_one_in_a_view_from_before(browser: Client) -> None:
    make.some_customer(name="Berlin Works", country="DE")
    make.some_customer(name="Oslo Works", country="NO")
    make.some_customer(name="Nowhere Works", country="")
    for asked, seen in (
        ("in:DE,FR", {"Berlin"}), ("not_in:DE", {"Oslo", "Nowhere"}), ("empty:", {"Nowhere"}),
        ("filled:", {"Berlin", "Oslo"}), ("is:Germany", {"Berlin"}),
    ):  # fmt: skip
        page = browser.get(f"/customers/?f=country:{asked}").content.decode()
        assert {name for name in ("Berlin", "Oslo", "Nowhere") if f"{name} Works" in page} == seen, asked
    assert "Germany" in browser.get("/customers/?f=country:in:DE").content.decode()


def test_names_are_offered_by_any_word_the_nearest_first_and_unknown_lists_are_not(browser: Client) -> None:
    def offered(typed: str) -> list[str]:
        return [each["text"] for each in browser.get("/names/countries/", {"q": typed}).json()]

    assert len(offered("")) == 249
    assert offered("us")[0] == "United States"
    assert offered("deutsch") == ["Germany"]
    browser.post("/language/", {"language": "zh-hans"})
    assert offered("meiguo")[0] == "美国"
    assert "美国" in offered("mg")[:2]
    assert offered("xila") == ["希腊"]
    assert offered("xyzzy") == []
    assert browser.get("/names/nothing/").status_code == 404


def test_a_custom_field_for_an_industry_is_asked_for_by_its_name_and_holds_for_its_code() -> None:
    cooled = field("cooled", "yes_no", applies={"industry": ["Food and beverages", "批发", "Falconry"]})
    assert cooled.applies == {"industry": ["food", "批发", "Falconry"]}
    page = make.signed_in(make.administrator()).get(f"/settings/fields/{cooled.pk}/").content.decode()
    assert "Food and beverages, 批发, Falconry" in page


def test_what_was_written_before_there_were_codes_is_recognised() -> None:
    before = make.some_customer(name="Before")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE parties_customer SET country = 'Deutschland', industry = 'Own', city = 'Ulm'")
    moved = import_module("clientier.rooms.parties.migrations.0014_countries_and_industries")
    with connection.schema_editor() as editor:
        moved.recognise(apps, editor)
    before.refresh_from_db()
    assert (before.country, before.industry, before.city) == ("DE", "Own", "Ulm")


@pytest.mark.parametrize("slug", sorted(LISTS))
def test_no_two_things_of_a_list_share_a_word(slug: str) -> None:
    known = LISTS[slug]
    meant: dict[str, set[str]] = {}
    for words, code in known.spellings():
        meant.setdefault(words.casefold(), set()).add(code)
    for language in ("en", "zh-hans", "zh-hant"):
        for code, name in known.in_language(language).items():
            meant.setdefault(name.casefold(), set()).add(code)
    assert {words: codes for words, codes in meant.items() if len(codes) > 1} == {}

"""Places of customers: a plot of points from our own server, and links to a map in another program."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from clientier.core.actor import Reach
from clientier.rooms.parties.models import Address, Customer
from clientier.rooms.parties.queries.maps import geo_url, map_url, search_url
from clientier.rooms.people.models import Organisation
from tests import factories as make
from tests.kit.imports.running import counts, errors, imported

pytestmark = pytest.mark.django_db
LAT, LON = Decimal("30.592800"), Decimal("114.305500")


def some_place(customer: Customer, **facts: Any) -> Address:
    return make.some_address(customer, **{"latitude": LAT, "longitude": LON, "city": "Wuhan", **facts})


@pytest.fixture
def browser() -> Client:
    return make.signed_in(make.administrator())


def drawn(browser: Client, url: str) -> list[str]:
    chart: Any = browser.get(url).context["chart"]
    return [row[0]["text"] for row in chart["table"]["rows"]] if chart else []


def test_the_customers_of_a_list_are_drawn_and_no_others(browser: Client) -> None:
    some_place(make.some_customer(name="Acme", city="Wuhan"))
    some_place(make.some_customer(name="Zeppelin", city="Köln"))
    make.some_address(make.some_customer(name="Nowhere", city="Köln"))
    assert drawn(browser, "/customers/map/") == ["Acme", "Zeppelin"]
    page = browser.get("/customers/?f=city:is:Wuhan").content.decode()
    assert 'href="/customers/map/?f=city' in page
    assert drawn(browser, "/customers/map/?f=city:is:Wuhan") == ["Acme"]


def test_points_lie_where_the_address_says_and_open_the_customer(browser: Client) -> None:
    acme = make.some_customer(name="Acme")
    some_place(acme, line="Road 1")
    chart = browser.get("/customers/map/").context["chart"]  # type: ignore[index]
    (mark,) = chart["options"]["series"][0]["data"]
    assert (mark["value"], mark["url"]) == ([114.3055, 30.5928], f"/customers/{acme.pk}/")
    (city,) = chart["options"]["series"][1]["data"]
    assert (city["name"], city["value"]) == ("Wuhan", [114.3055, 30.5928])
    assert [each["text"] for each in chart["table"]["rows"][0][2:]] == [
        "30.592800, 114.305500",
        "OpenStreetMap",
    ]


def test_what_is_out_of_reach_or_hidden_is_not_drawn() -> None:
    user = make.some_user()
    for kind in ("parties.customer", "parties.address"):
        make.grant(user.role, kind, Reach.OWN, ["view"])
    some_place(make.some_customer(name="Mine", owner=user), line="Road 1")
    some_place(make.some_customer(name="Theirs"))
    browser = make.signed_in(user)
    assert drawn(browser, "/customers/map/") == ["Mine"]
    make.field_rule(user.role, "parties.address", "line", "hidden")
    assert "Road 1" not in browser.get("/customers/map/").content.decode()
    make.field_rule(user.role, "parties.address", "latitude", "hidden")
    assert drawn(browser, "/customers/map/") == []
    assert 'href="/customers/map/' not in browser.get("/customers/").content.decode()


def test_who_sees_no_addresses_gets_no_map() -> None:
    user = make.some_user()
    make.grant(user.role, "parties.customer", Reach.ALL, ["view"])
    assert make.signed_in(user).get("/customers/map/").status_code == 403


def test_links_lead_to_the_chosen_map() -> None:
    assert geo_url(LAT, LON) == "geo:30.592800,114.305500?q=30.592800,114.305500"
    assert map_url("osm", LAT, LON, "Acme") == (
        "https://www.openstreetmap.org/?mlat=30.592800&mlon=114.305500#map=16/30.592800/114.305500"
    )
    assert map_url("amap", LAT, LON, "一 A&B") == (
        "https://uri.amap.com/marker?position=114.305500,30.592800&name=%E4%B8%80%20A%26B&coordinate=wgs84"
    )
    assert search_url("amap", "武汉") == "https://uri.amap.com/search?keyword=%E6%AD%A6%E6%B1%89"


def test_the_company_chooses_the_map(browser: Client) -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"map_service": "amap"})
    some_place(make.some_customer())
    row = browser.get("/customers/map/").context["chart"]["table"]["rows"][0]  # type: ignore[index]
    assert row[3]["url"].startswith("https://uri.amap.com/marker")
    assert 'name="map_service"' in browser.get("/settings/company/").content.decode()


def test_the_page_of_an_address_opens_the_map_app(browser: Client) -> None:
    place = some_place(make.some_customer())
    assert 'href="geo:30.592800,114.305500' in browser.get(f"/addresses/{place.pk}/").content.decode()
    without = make.some_address()
    assert "geo:" not in browser.get(f"/addresses/{without.pk}/").content.decode()


def test_coordinates_come_in_with_addresses_and_those_beyond_the_globe_do_not(tmp_path: Path) -> None:
    make.some_customer(external_id="1")
    make.some_customer(external_id="2")
    file = tmp_path / "addresses.csv"
    file.write_text(
        "Customer number,City,Lat,Lng\n1,Wuhan,30.5928,114.3055\n2,Moon,95,10\n", encoding="utf-8"
    )
    run = imported(file, "addresses")
    assert counts(run)[1] == 1
    assert list(errors(run)) == [3]
    kept = Address.objects.get()
    assert (kept.latitude, kept.longitude) == (LAT, LON)

from __future__ import annotations

import re

import numpy as np
import phonenumbers

from clientier.site.demo.places import CITIES
from clientier.site.demo.world import Table, World

_CHINESE = re.compile("[一-鿿]")


def keys(table: Table, name: str = "external_id") -> set[str]:
    values = table[name].tolist()
    assert len(values) == len(set(values)), f"{name} repeats"
    return set(values)


def test_every_reference_finds_its_record(world: World) -> None:
    customers, users = keys(world.customers), keys(world.users, "username")
    products = keys(world.products)
    orders, territories = keys(world.orders, "number"), keys(world.territories, "code")
    teams = keys(world.teams, "code")
    for table in (
        world.contacts,
        world.addresses,
        world.orders,
        world.costs,
        world.interactions,
        world.tasks,
    ):
        assert set(table["customer"]) <= customers
    assert set(world.customers["owner"]) <= users
    assert set(world.customers["territory"]) <= territories
    assert set(world.customers["parent"]) <= customers | {""}
    assert set(world.users["team"]) <= teams
    assert set(world.users["territory"]) <= territories
    assert set(world.teams["parent"]) <= teams | {""}
    assert set(world.territories["parent"]) <= territories | {""}
    assert set(world.orders["sold_by"]) <= users
    assert set(world.interactions["user"]) <= users
    assert set(world.tasks["assigned_to"]) <= users
    assert set(world.lines["order"]) == orders
    assert set(world.lines["product"]) <= products
    assert set(world.orders["return_of"]) <= orders | {""}
    for table in (world.contacts, world.costs, world.interactions, world.tasks):
        keys(table)


def test_contacts_met_belong_to_the_customer(world: World) -> None:
    company_of = dict(world.contacts.rows("external_id", "customer"))
    met = [row for row in world.interactions.rows("customer", "contact") if row[1]]
    assert len(met) > 40_000
    assert all(company_of[contact] == customer for customer, contact in met)


def test_trees_are_told_from_the_top(world: World) -> None:
    for table in (world.teams, world.territories):
        seen = {""}
        for code, parent in table.rows("code", "parent"):
            assert parent in seen
            seen.add(code)


def test_subsidiaries_are_of_the_industry_of_a_parent_that_has_none_itself(world: World) -> None:
    parent_of = {key: parent for key, parent in world.customers.rows("external_id", "parent") if parent}
    assert 60 < len(parent_of) < 250
    assert not set(parent_of.values()) & set(parent_of)
    industry = dict(world.customers.rows("external_id", "industry"))
    assert all(industry[child] == industry[parent] for child, parent in parent_of.items())
    kinds = dict(world.customers.rows("external_id", "kind"))
    assert {kinds[one] for one in parent_of.values()} == {"company"}


def test_there_is_an_account_for_every_role(world: World) -> None:
    roles = dict(zip(world.users["role"][::-1], world.users["username"][::-1], strict=True))
    assert roles == {
        "administrator": "admin",
        "sales_manager": "director",
        "account_manager": "account",
        "sales_rep": "rep",
        "service": "service",
        "analyst": "analyst",
    }


def test_names_come_in_both_scripts(world: World) -> None:
    for table in (world.customers, world.contacts):
        chinese = np.mean([bool(_CHINESE.search(name)) for name in table["name"]])
        assert 0.55 < chinese < 0.85
    companies = world.customers["name"][world.customers["kind"] == "company"]
    assert len(set(companies)) == len(companies)


def test_texts_are_in_the_language_of_the_customer(world: World) -> None:
    country = dict(world.customers.rows("external_id", "country"))
    for customer, summary in world.interactions.rows("customer", "summary"):
        assert bool(_CHINESE.search(summary)) == (country[customer] == "CN")


def test_mail_goes_only_to_reserved_domains(world: World) -> None:
    for table in (world.customers, world.contacts, world.users):
        for address in table["email"]:
            assert re.fullmatch(r"[a-z0-9._-]+@([a-z0-9-]+\.example|example\.(com|net|org))", address), (
                address
            )
    for site in set(world.customers["website"]) - {""}:
        assert re.fullmatch(r"https://www\.[a-z0-9-]+\.example", site), site


def test_telephone_numbers_are_valid_in_their_country(world: World) -> None:
    for number, country in list(world.customers.rows("phone", "country"))[::7]:
        parsed = phonenumbers.parse(number)
        assert phonenumbers.is_valid_number(parsed), number
        assert parsed.country_code == phonenumbers.country_code_for_region(country)
    for number in world.contacts["phone"].tolist()[::11]:
        assert phonenumbers.is_valid_number(phonenumbers.parse(number)), number


def test_addresses_lie_near_the_centre_of_their_city(world: World) -> None:
    centre = {city.name: (city.latitude, city.longitude) for city in CITIES}
    for city, latitude, longitude in world.addresses.rows("city", "latitude", "longitude"):
        assert abs(centre[city][0] - latitude) < 0.25
        assert abs(centre[city][1] - longitude) < 0.25


def test_nobody_buys_before_being_seen(world: World) -> None:
    first_seen = dict(world.customers.rows("external_id", "first_seen"))
    assert all(first_seen[customer] <= day for customer, day in world.orders.rows("customer", "day"))


def test_companies_have_one_to_five_contacts_and_persons_none(world: World) -> None:
    kinds = dict(world.customers.rows("external_id", "kind"))
    _, counts = np.unique(world.contacts["customer"].astype(str), return_counts=True)
    assert (counts.min(), counts.max()) == (1, 5)
    assert len(counts) == sum(kind == "company" for kind in kinds.values())
    assert {kinds[one] for one in set(world.contacts["customer"])} == {"company"}

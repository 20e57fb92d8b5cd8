"""Names of companies and people in the one form in which they are compared."""

from __future__ import annotations

import pytest

from clientier.core.likeness import nearness
from clientier.core.likeness.characters import simplified
from clientier.core.likeness.companies import company_core
from clientier.core.likeness.people import PersonName, person_name
from clientier.core.likeness.reached import domain_key, email_key, number_key, phone_key


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("华为技术有限公司", "华为"),
        ("深圳市华为技术有限公司", "华为"),
        ("華為技術有限公司", "华为"),
        ("华为", "华为"),
        ("深圳市纺织（集团）股份有限公司", "纺织"),
        ("中国石化", "石化"),
        ("上海实业发展股份有限公司", "实业发展"),
        ("ＡＢＣ 贸易（中国）有限公司", "abc"),
        ("工行", "工商银行"),
        ("Acme GmbH", "acme"),
        ("ACME Holding G.m.b.H. & Co. KG", "acme"),
        ("The Acme Co., Ltd.", "acme"),
        ("Société Générale S.A.", "generale"),
        ("Novo Nordisk A/S", "nordisk novo"),
        ("O'Reilly Media Inc", "media oreilly"),
        ("Trading Ltd", "trading"),
        ("", ""),
    ],
)
def test_the_core_of_a_company_name(name: str, core: str) -> None:
    assert company_core(name) == core


@pytest.mark.parametrize(
    ("name", "given", "family"),
    [
        ("Ada Lovelace", "ada", "lovelace"),
        ("Lovelace, Ada", "ada", "lovelace"),
        ("Dr. Zoë O'Neill", "zoe", "oneill"),
        ("王小明", "小明", "王"),
        ("歐陽修先生", "修", "欧阳"),
        ("Cher", "", "cher"),
    ],
)
def test_the_parts_of_a_person_s_name(name: str, given: str, family: str) -> None:
    assert person_name(name) == PersonName(given, family)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("华为技术有限公司", "华为", True),
        ("国元证券", "国元证券股份有限公司", True),
        ("宁波博远新轩投资", "海南博远新轩投资", True),  # shown, but after those of the same place
        ("深圳市拓搏实业有限公司", "深圳华润丰实业发展有限公司", False),
        ("Acme Ltd", "Acme, Inc.", True),
        ("Acme", "Zeppelin", False),
    ],
)
def test_companies_are_alike(one: str, other: str, alike: bool) -> None:
    assert (nearness.companies(one, other) >= 0.72) == alike


def test_the_same_name_elsewhere_is_less_near() -> None:
    same = nearness.companies("宁波博远新轩投资", "宁波博远新轩有限公司")
    assert nearness.companies("宁波博远新轩投资", "海南博远新轩投资") < same


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Ada Lovelace", "Lovelace Ada", True),
        ("Ada Lovelace", "Adah Lovelace", True),
        ("王小明", "王小朋", False),
        ("Ada Lovelace", "Grace Hopper", False),
    ],
)
def test_people_are_alike(one: str, other: str, alike: bool) -> None:
    assert (nearness.people(one, other) >= 0.72) == alike


def test_traditional_characters_are_read_as_simplified_ones() -> None:
    assert simplified("臺灣積體電路製造") == "台湾积体电路制造"


@pytest.mark.parametrize("phone", ["+86 27 5550 2842", "027-5550 2842", "(027) 55502842", "0086-27-55502842"])
def test_one_telephone_has_one_key(phone: str) -> None:
    assert phone_key(phone) == phone_key("+86 27 5550 2842")


def test_short_numbers_are_no_telephones() -> None:
    assert (phone_key("110"), phone_key("")) == ("", "")


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.shop.acme.co.uk/about?x=1", "acme.co.uk"),
        ("sales@acme.com.cn", "acme.com.cn"),
        ("acme.example", "acme.example"),
        ("ada@qq.com", ""),
        ("ada@gmail.com", ""),
        ("nothing", ""),
    ],
)
def test_the_domain_is_the_company_s_own(address: str, domain: str) -> None:
    assert domain_key(address) == domain


def test_e_mail_and_numbers_have_one_form() -> None:
    assert email_key("Ada+News@Acme.Example") == "ada@acme.example"
    assert number_key("91-4403 00x") == "91440300x"

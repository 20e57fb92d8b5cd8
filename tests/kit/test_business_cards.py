from __future__ import annotations

import io

import pytest

from clientier.core.actor import Reach
from clientier.kit.imports.vcards import read_cards
from tests import factories as make

pytestmark = pytest.mark.django_db


def cards(response):
    text = b"".join(response.streaming_content).decode()
    found = read_cards(io.StringIO(text))
    return [{each.name: each.parts() for each in card.properties} for card in found]


def test_contacts_go_out_as_cards_and_read_back_the_same():
    company = make.some_customer(name="长江机械; 有限公司")
    make.some_contact(
        company, name="王伟", phone="+86 138 0013 8000", email="w@example.cn", job_title="采购, 主管"
    )
    make.some_contact(company, name="Ann " + "Long" * 20)
    browser = make.signed_in(make.administrator())
    found = cards(browser.get("/contacts/export/?as=vcf&f=name:is:王伟"))
    assert len(found) == 1
    assert found[0]["FN"] == ["王伟"]
    assert found[0]["ORG"] == ["长江机械; 有限公司"]
    assert found[0]["TITLE"] == ["采购, 主管"]
    assert found[0]["TEL"] == ["+86 138 0013 8000"]
    everybody = cards(browser.get("/contacts/export/?as=vcf"))
    assert {card["FN"][0] for card in everybody} == {"王伟", "Ann " + "Long" * 20}


def test_a_card_holds_only_what_may_be_read_and_exported():
    rep = make.some_user()
    make.grant(rep.role, "parties.customer", Reach.ALL, ["view"])
    make.grant(rep.role, "parties.customer", Reach.OWN, ["export"])
    make.field_rule(rep.role, "parties.customer", "phone", "hidden")
    mine = make.some_customer(name="Mine", owner=rep, phone="138", note="a\nb")
    theirs = make.some_customer(name="Theirs")
    browser = make.signed_in(rep)
    (found,) = cards(browser.get(f"/customers/{mine.pk}/card.vcf"))
    assert found["FN"] == ["Mine"]
    assert found["NOTE"] == ["a\nb"]
    assert "TEL" not in found
    assert browser.get(f"/customers/{theirs.pk}/card.vcf").status_code == 404

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from clientier.core import commands
from clientier.rooms.parties.models import Customer
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_company_cannot_be_its_own_parent() -> None:
    top = make.some_customer()
    below = make.some_customer(parent=make.some_customer(parent=top))
    for parent in (top, below):
        with pytest.raises(ValidationError, match="its own parent"):
            commands.update(top, actor=make.acting(), changes={"parent": parent})


def test_customer_numbers_are_unique_but_may_be_missing() -> None:
    make.some_customer(external_id=None)
    make.some_customer(external_id=None)
    make.some_customer(external_id="C1")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.some_customer(external_id="C1")


def test_customers_entered_without_a_number_do_not_collide() -> None:
    browser = make.signed_in(make.administrator())
    for name in ("First", "Second"):
        page = browser.post("/customers/new/", {"name": name, "kind": "company", "external_id": ""})
        assert page.status_code == 302, page.context["form_page"]["form"].errors


def test_an_address_is_called_by_its_parts() -> None:
    assert (
        str(make.some_address(line="Road 1", city="", region="NRW", country="DE")) == "Road 1, NRW, Germany"
    )


def test_a_ring_of_parents_that_an_import_made_is_refused_and_not_followed_for_ever() -> None:
    one, two = make.some_customer(), make.some_customer()
    Customer.objects.filter(pk=one.pk).update(parent=two)
    Customer.objects.filter(pk=two.pk).update(parent=one)
    one.refresh_from_db()
    with pytest.raises(ValidationError, match="its own parent"):
        commands.update(make.some_customer(), actor=make.acting(), changes={"parent": one})

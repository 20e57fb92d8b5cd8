from __future__ import annotations

import pytest
from django.test import Client

from clientier.rooms.parties.models import Customer
from tests.rooms.value.company import people
from tests.rooms.value.test_pages import PAGES, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("url", PAGES)
def test_before_the_first_run_the_place_says_what_it_is_for(db: None, client: Client, url: str) -> None:
    manager, _rep, _viewer = people()
    client.force_login(manager)
    assert "Import customers and orders" in text_of(client, url)
    Customer.objects.create(name="Anji Tea")
    assert "Compute now" in text_of(client, url)

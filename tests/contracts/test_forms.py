"""Resource × form: what is sent without its fields, or field by field, is refused in words."""

from __future__ import annotations

import pytest

from clientier.kit import bulk_setting
from tests import factories as make
from tests.contracts.subjects import WRITTEN, resource

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", WRITTEN)
def test_a_form_with_none_of_its_fields_says_what_is_missing(slug: str) -> None:
    browser = make.signed_in(make.administrator())
    assert browser.post(f"/{slug}/new/", {"nonsense": "1"}).status_code == 422


@pytest.mark.parametrize("slug", WRITTEN)
def test_a_form_of_one_field_judges_that_field_alone(slug: str) -> None:
    """The record that it is made from is empty, and its rules must bear that."""
    browser = make.signed_in(make.administrator())
    for path, _label in bulk_setting.settable(resource(slug), make.acting()):
        for value in ("", "1", "x"):
            facts = {"action": "set", "ids": ["1"], "set_field": path, path: value}
            assert browser.post(f"/{slug}/bulk/", facts).status_code in (302, 400), (path, value)

"""What holds for all kinds of records and all commands."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model
from django.utils.functional import Promise

from clientier.core.access import field_at
from clientier.kit.models import SavedView
from clientier.site.openapi import document
from tests.contracts.subjects import SLUGS, SUBJECTS, resource

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_RESOURCE = {
    "people.grant": "edited as a matrix on the page of its role",
    "people.fieldrule": "edited on the page of its role",
    "people.organisation": "one row, on the page of the company",
    "people.apitoken": "made and revoked in the settings; never listed to others",
    "people.signinlink": "a secret, shown once on the page of its user's sign-in",
    "parties.loanrequest": "asked and answered on a page of its own, which shows nobody's to anybody else",
    "parties.privacyrules": "one row, on the page of privacy",
    "parties.sensitivefact": "encrypted; shown on the card alone, masked until asked for with a reason",
    "duplicates.mergedcustomer": "part of a merge, and shown with it",
    "duplicates.mergedcontact": "part of a merge, and shown with it",
    "trade.creditpolicy": "versions of the rules, on their own page",
    "trade.creditscore": "explained on the customer's card",
    "trade.debtoraccount": "whose account a posting is on; shown as the customer of the posting",
    "trade.journalentry": "shown with each of its postings",
    "trade.ledgerseal": "the chain of hashes; a command verifies it",
    "trade.numberseries": "the last number of each series; no page shows it",
    "value.valuepolicy": "versions of the rules, on their own page",
    "value.valuerun": "a run is shown by the pages of its results",
    "value.score": "kept to explain and compare; shown on the customer's card",
    "value.standing": "lends its columns to the list of customers",
    "value.move": "shown by the flow and on the customer's card",
    "stewardship.upkeep": "lends its columns to the list of customers",
    "stewardship.upkeepmark": "how far the trace was read; no page shows it",
    "stewardship.upkeeppolicy": "versions of the rules, on their own page",
}


def rooms() -> Iterator[type[Model]]:
    for model in apps.get_models():
        if model.__module__.startswith("clientier.rooms."):
            yield model


def test_every_kind_of_record_has_a_resource_or_a_reason() -> None:
    without = {m._meta.label_lower for m in rooms()} - {resource(s).model._meta.label_lower for s in SLUGS}
    assert without == set(WITHOUT_RESOURCE)


def test_every_resource_takes_part_in_the_contracts() -> None:
    assert set(SUBJECTS) == set(SLUGS)


@pytest.mark.parametrize("model", [*rooms(), SavedView], ids=lambda m: m._meta.label_lower)
def test_every_word_of_a_model_can_be_translated(model: type[Model]) -> None:
    words: dict[str, Any] = {
        "verbose_name": model._meta.verbose_name,
        "plural": model._meta.verbose_name_plural,
    }
    for field in model._meta.concrete_fields:
        if field.editable and not field.primary_key and not field.is_relation:
            words[field.name] = field.verbose_name
    untranslatable = [
        name
        for name, word in words.items()
        if not isinstance(word, Promise) and name not in UNSEEN.get(model._meta.label_lower, ())
    ]
    assert untranslatable == []


# Fields that no page names.
UNSEEN_OF_A_SCORE = {"costs", "health_parts", "first_year_margin", "last_year_margin", "half_years"}
UNSEEN = {
    "people.user": {"password", "last_login"},
    "people.apitoken": {"digest"},
    "kit.savedview": {"resource", "query"},
    "value.valuerun": {"is_current", "facts", "fingerprint", "code_version"},
    "stewardship.handover": {"plan"},
    "stewardship.upkeepmark": {"entry_id", "change_id"},
    "value.score": UNSEEN_OF_A_SCORE,
    "value.standing": UNSEEN_OF_A_SCORE,
}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_label_of_a_resource_can_be_translated(slug: str) -> None:
    shown = resource(slug)
    for column in shown.all_columns:
        word = column.label or field_at(shown.model, column.path).verbose_name
        assert isinstance(word, Promise), column.path
    for section in shown.form:
        assert section.title == "" or isinstance(section.title, Promise), section
    assert isinstance(shown.empty, Promise)


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    said = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said, verbosity=1)
    except SystemExit:
        pytest.fail(f"models have changed without a migration:\n{said.getvalue()}")


def test_the_api_is_documented_as_it_is() -> None:
    """After a change on purpose: ``python -m django export_openapi`` writes the file anew."""
    committed = (ROOT / "docs" / "api" / "openapi.json").read_text()
    assert json.loads(committed) == json.loads(document())


def test_the_document_names_every_operation() -> None:
    paths = json.loads(document())["paths"]
    found = {operation["operationId"] for path in paths.values() for operation in path.values()}
    for slug in SLUGS:
        assert {f"{slug}_list", f"{slug}_get"} <= found
        writing = {f"{slug}_create", f"{slug}_update", f"{slug}_delete"}
        assert writing <= found if resource(slug).form else not writing & found

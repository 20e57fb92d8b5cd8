from __future__ import annotations

import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from clientier.kit.imports.reading import open_source
from clientier.kit.imports.registry import TARGETS
from clientier.kit.imports.runs import proposal
from clientier.kit.imports.survey import survey
from clientier.kit.imports.templates_to_fill import as_csv, as_xlsx
from tests import factories
from tests.kit.imports.running import ACTOR

pytestmark = pytest.mark.django_db
SLUGS = ("addresses", "contacts", "customers", "interactions", "orders", "products", "relations", "costs")


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_a_template_maps_itself_completely(write_file, slug, write, language):
    with translation.override(language):
        target = TARGETS[slug].for_actor(ACTOR)
        path = write_file(write(target), f"template.{write.__name__[3:]}")
        mapping = proposal(TARGETS[slug], survey(open_source(path)), ACTOR)
        labels = {name: bound.columns for name, bound in mapping.fields.items()}
        assert labels == {declared.name: (str(declared.label),) for declared in target.fields}


def test_a_template_explains_every_column(write_file):
    path = write_file(as_xlsx(TARGETS["customers"].target), "customers.xlsx")
    book = CalamineWorkbook.from_path(str(path))
    rows = book.get_sheet_by_name("Columns").to_python()
    assert rows[0] == ["Column", "Required", "What it holds", "Explanation"]
    assert rows[3] == ["Kind", "no", "a choice", "One of: Company, Person."]
    assert len(rows) == len(TARGETS["customers"].target.fields) + 1


def test_templates_are_downloaded_by_those_who_may_import():
    response = factories.signed_in(factories.administrator()).get("/imports/new/contacts/template.csv")
    assert response["Content-Disposition"] == 'attachment; filename="contacts.csv"'
    assert response.content.decode("utf-8-sig").startswith("Contact number,Customer number,Name,")
    assert (
        factories.signed_in(factories.some_user()).get("/imports/new/contacts/template.csv").status_code
        == 403
    )

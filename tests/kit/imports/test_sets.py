from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clientier.kit.imports import sets
from clientier.kit.imports.runs import ImportRefused
from clientier.rooms.parties.models import Contact, Customer, Relation
from clientier.rooms.people.models import Organisation
from clientier.rooms.trade.models import Order
from tests import factories
from tests.kit.imports.running import ACTOR

pytestmark = pytest.mark.django_db
FILES = {
    "orders.csv": "order no,line,order date,customer,amount\nA,1,2024-01-02,1,10\n",
    "relations.csv": "from customer,relation,to customer\n1,dealer_of,2\n",
    "contacts.csv": (
        "contact id,customer id,contact name,reports to,same person as\n11,1,Ann,12,13\n12,1,Bo,,\n13,2,Ann,,\n"
    ),
    "customers.csv": "customer id,customer name,parent company\n1,One,2\n2,Two,\n",
}


@pytest.fixture(autouse=True)
def stored_here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def zipped(files, name="set.zip"):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, text in files.items():
            archive.writestr(each, text)
    return File(io.BytesIO(content.getvalue()), name=name)


def test_files_of_a_zip_come_in_as_they_refer_to_each_other_and_go_again():
    Organisation.objects.create(base_currency="USD")
    made = sets.receive([zipped({f"export/{name}": text for name, text in FILES.items()})], actor=ACTOR)
    order = [run.file_name for run in sets.in_order(made)]
    assert order[0] == "customers.csv"
    assert sorted(order) == sorted(FILES)
    assert sets.execute(made, actor=ACTOR) == 4
    assert Customer.objects.get(external_id="1").parent.name == "Two"
    ann = Contact.objects.get(external_id="11")
    assert (ann.reports_to.name, ann.same_person_as.external_id) == ("Bo", "13")
    assert (Relation.objects.count(), Order.objects.count()) == (1, 1)
    assert sets.undo(made, actor=ACTOR) > 0
    assert not Customer.objects.exists()


def test_files_that_are_nothing_are_named_with_the_reason():
    made = sets.receive(
        [zipped({"customers.csv": FILES["customers.csv"], "notes.pdf": "%PDF-1.4", "empty.csv": ""})],
        actor=ACTOR,
    )
    assert [each["name"] for each in made.passed_over] == ["notes.pdf", "empty.csv"]
    assert [run.file_name for run in made.runs.all()] == ["customers.csv"]


def test_names_that_lead_out_of_the_archive_lead_nowhere(tmp_path):
    made = sets.receive([zipped({"../../etc/customers.csv": FILES["customers.csv"]})], actor=ACTOR)
    assert [run.file_name for run in made.runs.all()] == ["customers.csv"]
    assert not list(tmp_path.parent.glob("**/etc"))


def test_an_archive_of_nothing_is_refused():
    with pytest.raises(ImportRefused, match="There is no file in it"):
        sets.receive([zipped({})], actor=ACTOR)


def test_the_pages_take_several_files_and_import_them(client):
    client.force_login(factories.administrator())
    files = [SimpleUploadedFile(name, FILES[name].encode()) for name in ("contacts.csv", "customers.csv")]
    answer = client.post(reverse("import-set-new"), {"several": files})
    page = client.get(answer.url).content.decode()
    assert page.index("customers.csv</a>") < page.index("contacts.csv</a>")
    client.post(answer.url + "start/")
    assert client.get(answer.url).status_code == 200
    other = factories.signed_in(factories.some_user())
    assert other.get(answer.url).status_code == 404

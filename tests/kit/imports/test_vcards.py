from __future__ import annotations

import pytest

from clientier.kit.imports.reading import open_source
from clientier.rooms.parties.models import Address, Contact, Customer
from tests import factories
from tests.kit.imports.running import counts, errors, imported

pytestmark = pytest.mark.django_db
CARDS = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B;=E4=BC=9F;;;
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B=
=E4=BC=9F
TEL;CELL:13800138000
TEL;WORK;PREF:+86 27 5550 2842
ORG;CHARSET=GB2312;ENCODING=QUOTED-PRINTABLE:=B3=A4=BD=AD;=B2=C9=B9=BA
PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSk
 ZJRgABAQEA

END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Ann Lee
item1.EMAIL;type=INTERNET;type=pref:ann@acme.example
item1.X-ABLabel:_$!<Other>!$_
ADR;TYPE=WORK:;;1 Main St\\, Floor 2;Leeds;;LS1;United Kingdom
NOTE:line one\\nline
  two
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Zoë Ångström
TEL;VALUE=uri;PREF=1;TYPE="voice,work":tel:+46-8-123-456-78;ext=5
URL:https://zoe.example
END:VCARD
"""


def rows(path):
    source = open_source(path)
    (chunk,) = source.chunks()
    return source, [
        {h: cell for h, cell in zip(source.headings, chunk.cells(p, source.headings), strict=True) if cell}
        for p in range(len(chunk))
    ]


def test_cards_of_every_version_are_read_side_by_side(write_file):
    source, found = rows(write_file(CARDS, "cards.vcf"))
    assert found[0] == {
        "Full name": "王伟", "Last name": "王", "First name": "伟", "Company name": "长江", "Department": "采购",
        "Phone": "+86 27 5550 2842", "Phone 2": "13800138000",
    }  # fmt: skip
    assert found[1] == {
        "Full name": "Ann Lee", "E-mail": "ann@acme.example", "Street": "1 Main St, Floor 2", "City": "Leeds",
        "Postcode": "LS1", "Country": "United Kingdom", "Notes": "line one\nline two",
    }  # fmt: skip
    assert found[2] == {
        "Full name": "Zoë Ångström", "Phone": "+46-8-123-456-78 ext. 5", "Website": "https://zoe.example",
    }  # fmt: skip
    assert source.facts.notes == ("1 pictures in the cards are left out.",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_cards_in_other_encodings_are_read(write_file, encoding):
    text = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:长江机械有限公司的王伟经理\r\nTEL:1\r\nEND:VCARD\r\n" * 3
    assert rows(write_file(text, "a.vcf", encoding))[1][0] == {
        "Full name": "长江机械有限公司的王伟经理",
        "Phone": "1",
    }


def test_cards_become_persons_with_their_addresses(write_file):
    run = imported(write_file(CARDS, "cards.vcf"), "customers")
    assert counts(run) == (3, 3, 0, 0, 0)
    wang = Customer.objects.get(name="王伟")
    assert (wang.kind, wang.phone, wang.note) == ("person", "+86 27 5550 2842", "Phone 2: 13800138000")
    assert Address.objects.get().line == "1 Main St, Floor 2"
    assert counts(imported(write_file(CARDS, "cards.vcf"), "customers")) == (3, 0, 0, 3, 0)


def test_cards_become_contacts_of_the_company_they_name(write_file):
    factories.some_customer(name="长江")
    run = imported(write_file(CARDS, "cards.vcf"), "contacts")
    assert counts(run) == (3, 1, 0, 0, 2)
    assert Contact.objects.get().customer.name == "长江"
    assert errors(run)[2] == ["Company name: must not be empty"]


def test_a_broken_card_is_named_and_the_others_come_in(write_file):
    text = CARDS.replace("URL:https", "this is no property\nURL:https") + "BEGIN:VCARD\nFN:Cut off\n"
    run = imported(write_file(text, "cards.vcf"), "customers")
    assert counts(run) == (4, 2, 0, 0, 2)
    assert errors(run) == {
        3: ["the card breaks off or is not written as cards are: this is no property"],
        4: ["the card breaks off or is not written as cards are: FN:Cut off"],
    }

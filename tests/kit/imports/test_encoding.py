from __future__ import annotations

import codecs
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientier.kit.imports.encoding import detect_encoding, encoding_named
from clientier.kit.imports.reading import open_source
from clientier.kit.imports.reasons import ImportRefusedError

CHINESE = "客户编号,客户名称,城市\n" + "".join(f"C{n},上海{n}号机械有限公司,深圳\n" for n in range(20))
TRADITIONAL = "客戶編號,客戶名稱,城市\n" + "".join(
    f"C{n},臺灣{n}號電機股份有限公司,臺北\n" for n in range(20)
)
WESTERN = "name,city\nMüller & Söhne,Köln\nCafé Peña,México\n“Zoë’s”,Ærø\n"
ONE_NAME = "id,name\n" + "".join(f"{n},plain\n" for n in range(50)) + "51,José\n"


@pytest.mark.parametrize(
    ("text", "written_in", "codec"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "gbk", "gb18030"),
        (TRADITIONAL, "big5", "cp950"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (WESTERN, "cp1252", "cp1252"),
        (ONE_NAME, "cp1252", "cp1252"),
        (CHINESE, "utf-16-le", "utf-16-le"),
        (CHINESE, "utf-16-be", "utf-16-be"),
        (WESTERN, "utf-16-le", "utf-16-le"),
        ("only,ascii\n1,2\n", "ascii", "utf-8"),
        ("客户\n张\n", "gb18030", "gb18030"),
        ("A股,价\nx,1\n", "gb18030", "gb18030"),
    ],
)
def test_encoding_without_mark_is_told_from_the_bytes(write_file, text, written_in, codec):
    assert detect_encoding(write_file(text, encoding=written_in)).codec == codec


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_mark_decides_and_is_not_part_of_the_first_heading(write_file, mark, codec):
    source = open_source(write_file(mark + CHINESE.encode(codec)))
    assert source.facts.encoding.codec == codec
    assert source.facts.encoding.confidence == 1.0
    assert source.headings == ("客户编号", "客户名称", "城市")


def test_four_byte_text_behind_a_two_byte_mark_is_read(write_file):
    source = open_source(write_file(codecs.BOM_UTF16_BE + WESTERN.encode("utf-32-le")))
    assert source.facts.encoding.codec == "utf-32-le"
    assert source.headings == ("name", "city")


def test_a_wrong_byte_far_behind_the_sample_leaves_the_file_utf8(write_file):
    many = "客户,值\n" + "张三,1\n" * 400_000
    path = write_file(many.encode() + b"Stra\xdfe,2\n" + "李四,3\n".encode())
    assert detect_encoding(path).codec == "utf-8"


def test_western_letters_only_at_the_end_of_a_long_file_are_found(write_file):
    path = write_file("name,value\n" + "plain,1\n" * 600_000 + "Müller,2\nJosé,3\n", encoding="cp1252")
    assert detect_encoding(path).codec == "cp1252"


def test_an_encoding_can_be_chosen_by_hand_under_the_names_people_use(write_file):
    path = write_file(CHINESE, encoding="gb18030")
    assert encoding_named("GBK", path).codec == "gb18030"
    assert encoding_named("latin-1", path).codec == "cp1252"
    assert open_source(path, encoding="windows-1252").headings[0] != "客户编号"


def test_an_unknown_encoding_is_refused_in_words(write_file):
    with pytest.raises(ImportRefusedError, match="“klingon” is not an encoding"):
        encoding_named("klingon", write_file("a\n1\n"))


PRINTABLE = st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"])


@given(
    codec=st.sampled_from(
        ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "gb18030", "cp950", "cp1252"]
    ),
    cells=st.lists(st.text(PRINTABLE, min_size=1, max_size=20), min_size=1, max_size=5),
)
def test_any_text_comes_back_through_any_encoding_that_can_hold_it(codec, cells):
    quoted = "".join(f'x,"{cell.replace(chr(34), chr(34) * 2)}"\n' for cell in cells)
    try:
        content = ("key,value\n" + quoted).encode(codec)
    except UnicodeEncodeError:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        path.write_bytes(content)
        source = open_source(path, encoding=codec, delimiter=",", heading_row=1)
        (chunk,) = source.chunks()
    assert list(chunk.columns["value"]) == cells
    assert not chunk.faults

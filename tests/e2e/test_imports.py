"""A file from a Chinese spreadsheet goes in, is counted, and is taken back as a whole."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.visitor import Visitor

FILE = """客户编号,客户名称,城市,电话
Z-901,桂林漓江茶业有限公司,桂林,0773-2891234
Z-902,柳州螺山机电有限公司,柳州,0772-3345566
Z-902,,柳州,0772-3345567
Z-903,北海银滩水产有限公司,北海,0779-2020202
"""


def test_a_file_in_gb18030_is_read_imported_counted_and_undone(manager: Visitor, tmp_path: Path) -> None:
    file = tmp_path / "客户.csv"
    file.write_bytes(FILE.encode("gb18030"))
    page = manager.goto("/imports/")
    page.get_by_role("link", name="Import: Customers").click()
    page.get_by_label("Drop a file here, or choose one").set_input_files(file)
    page.get_by_role("button", name="Continue").click()

    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}/"))
    expect(page.locator("main")).to_contain_text("桂林漓江茶业有限公司")
    chosen = {
        heading: page.get_by_label(heading, exact=True).locator("option:checked").inner_text()
        for heading in ("客户编号", "客户名称", "城市", "电话")
    }
    assert chosen == {"客户编号": "Customer number", "客户名称": "Name", "城市": "City", "电话": "Phone"}

    start = page.get_by_role("button", name=re.compile("^Import"))
    start.click()
    expect(page.get_by_role("button", name="Undo this import")).to_be_visible(timeout=30_000)
    figures = dict(
        zip(
            page.locator(".kpi dt").all_inner_texts(),
            page.locator(".kpi .kpi-value").all_inner_texts(),
            strict=True,
        )
    )
    assert (figures["Created"], figures["In error"]) == ("3", "1"), figures
    expect(page.locator("main")).to_contain_text("Rows in error")

    page.goto("/customers/?q=桂林漓江")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.go_back()
    page.get_by_role("button", name="Undo this import").click()
    expect(page.locator("main")).to_contain_text("This import was undone as a whole")
    page.goto("/customers/?q=桂林漓江")
    expect(page.locator("[data-row]")).to_have_count(0)


def test_a_file_that_is_no_table_is_refused_in_words(manager: Visitor, tmp_path: Path) -> None:
    manager.expects(422)
    file = tmp_path / "picture.xlsx"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    page = manager.goto("/imports/new/customers/")
    page.get_by_label("Drop a file here, or choose one").set_input_files(file)
    page.get_by_role("button", name="Continue").click()
    alert = page.get_by_role("alert").first
    expect(alert).to_be_visible()
    assert len(alert.inner_text()) > 30

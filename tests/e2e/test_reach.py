"""Who sees what: a representative her own customers, and nobody's settings."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.visitor import Visitor


def test_a_representative_sees_her_own_customers_and_no_others(rep: Visitor) -> None:
    page = rep.goto("/customers/?cols=name,owner")
    owners = page.locator('[data-row] td[data-label="Account manager"]')
    assert owners.count() == page.locator("[data-row]").count() > 5
    assert {text.split("\n")[-1] for text in owners.all_inner_texts()} == {"Camille Morel"}
    mine = page.locator("[data-row] a.cell-main").first.get_attribute("href")
    rep.sign_in("hannah.lindqvist")
    page = rep.goto("/customers/?cols=name,owner&f=country:is:CN")
    others = page.locator("[data-row] a.cell-main").first.get_attribute("href")
    name = page.locator("[data-row] a.cell-main").first.inner_text()
    rep.sign_in("camille.morel")
    rep.expects(404)
    page = rep.goto(str(others))
    expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
    expect(page.locator("body")).not_to_contain_text(name)
    rep.goto(f"{others}edit/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
    rep.goto(str(mine))
    expect(page.locator("main .card").first).to_be_visible()


def test_the_pyramid_of_a_representative_counts_her_customers_alone(rep: Visitor) -> None:
    page = rep.goto("/value/pyramid/")
    figures = page.locator("svg.value-pyramid").first.locator("a .figure").all_text_contents()
    total = sum(int(figure.replace(",", "")) for figure in figures)
    assert total > 5
    page.goto("/customers/?f=standing__tier:in:important,major,ordinary,small")
    expect(page.locator(".listing-count")).to_have_text(f"{total} records")


def test_settings_are_closed_to_a_representative(rep: Visitor) -> None:
    rep.expects(403, 404)
    page = rep.goto("/")
    expect(page.get_by_role("link", name="Settings", exact=True)).to_have_count(0)
    for path in ("/settings/", "/settings/rules/", "/settings/company/", "/settings/sample-data/"):
        rep.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text("Not allowed")
    rep.goto("/customers/")
    expect(page.get_by_role("button", name="Hand over to …", include_hidden=True)).to_have_count(0)

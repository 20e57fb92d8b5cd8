"""The card of a customer: all panels, sums that are right, figures that open their records."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.visitor import Visitor


def open_first_card(visitor: Visitor) -> Page:
    page = visitor.goto("/customers/?f=standing__tier:in:important")
    page.locator("[data-row] a.cell-main").first.click()
    page.wait_for_url(re.compile(r"/customers/\d+/"))
    return page


def money(text: str) -> float:
    return float(re.sub(r"[^\d.-]", "", text.replace("−", "-")))


def test_every_panel_is_there(manager: Visitor) -> None:
    page = open_first_card(manager)
    for name in ("Profit statement · 12 months", "Order rhythm", "Timeline", "People", "Why this judgement"):
        panel = page.locator("section.card", has=page.get_by_role("heading", name=name))
        expect(panel).to_be_visible()
        assert len(panel.inner_text().splitlines()) > 2, name
    for label in ("Net profit, 12 months", "Revenue, 12 months", "Lifetime value, 3 years", "Health"):
        expect(page.locator(".kpis")).to_contain_text(label)


def test_the_statement_adds_up_on_screen(manager: Visitor) -> None:
    page = open_first_card(manager)
    lines = []
    for row in page.locator("#panel-statement .statement > *").all():
        amount = row.locator(".figure, dd, td").last.inner_text().strip()
        if amount:
            lines.append((row.inner_text().split("\n")[0], money(amount)))
    labels = [label for label, _amount in lines]
    figures = [amount for _label, amount in lines]
    margin = labels.index("Gross margin")
    assert abs(sum(figures[:margin]) - figures[margin]) <= 1, lines
    assert abs(figures[margin] + sum(figures[margin + 1 : -1]) - figures[-1]) <= len(lines), lines
    assert labels[-1] == "Net profit"


def test_lines_of_the_statement_open_their_records(manager: Visitor) -> None:
    page = open_first_card(manager)
    name = page.get_by_role("heading", level=1).inner_text()
    links = page.locator("#panel-statement a").evaluate_all("all => [...new Set(all.map(a => a.href))]")
    assert len(links) >= 2
    for link in links:
        page.goto(link)
        expect(page.locator("[data-row]").first).to_be_visible()
        expect(page.locator(".chips")).to_contain_text(name)


def test_the_next_customer_of_the_list_is_one_key_away(manager: Visitor) -> None:
    page = manager.goto("/customers/?f=standing__tier:in:major&order=sort_key")
    names = page.locator("[data-row] a.cell-main").all_inner_texts()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/customers/\d+/"))
    expect(page.get_by_role("heading", level=1)).to_have_text(names[0])
    page.keyboard.press("j")
    expect(page.get_by_role("heading", level=1)).to_have_text(names[1])
    page.keyboard.press("k")
    expect(page.get_by_role("heading", level=1)).to_have_text(names[0])
    page.locator(".crumbs a").last.click()
    expect(page).to_have_url(re.compile(r"standing__tier"))

"""The templates show what the pages hand them, and nothing that the content policy would refuse."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory

from clientier.kit.cells import Cell
from clientier.kit.templatetags.cells import UnknownCellKindError, initials_of, show_cell
from clientier.kit.templatetags.charts import HEIGHT, layer_edges, percent_of, pyramid
from clientier.kit.templatetags.icons import FOLDER, has_icon, icon
from clientier.kit.templatetags.query import query_pairs
from clientier.kit.templatetags.shell import palette_commands, undo_url_of
from clientier.kit.templatetags.sparkline import line_points, sparkline

SHELL = {
    "menu": [
        {"label": "", "items": [{"label": "Customers", "url": "/customers/", "icon": "users", "key": "c"}]}
    ],
    "user": {"name": "Chen Wei", "initials": "CW", "role": "Sales manager", "theme": "dark"},
    "languages": [{"code": "en", "label": "English", "active": True}],
    "create": [{"label": "task", "url": "/tasks/new/", "icon": "checkbox"}],
    "sample_data": True,
}
TIER = {"kind": "tier", "tone": "t1", "text": "Important", "url": "/why/"}


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """The addresses of static files without the manifest that only an installed product has."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def listing(**changes: Any) -> dict[str, Any]:
    resource = {"slug": "customers", "label": "customer", "label_plural": "customers", "icon": "users"}
    columns = [
        {"path": "name", "label": "name", "align": "left", "sorted": "asc", "sort_url": "?order=-name"},
        {"path": "tier", "label": "tier", "align": "left", "sorted": "", "sort_url": None},
    ]
    cells = [Cell("link", "Acme & Sons", url="/customers/1/"), TIER]
    return {
        "resource": resource,
        "columns": columns,
        "rows": [{"pk": 1, "url": "/customers/1/", "label": "Acme & Sons", "cells": cells}],
        "filters": [{"label": "tier", "op_label": "is", "text": "Important", "remove_url": "?"}],
        "bulk": [{"slug": "delete", "label": "Delete", "icon": "trash", "fields": [], "danger": True}],
        "bulk_url": "/customers/bulk/",
        "query": "f=tier%3Ain%3Aimportant",
        "empty": {"title": "Nothing here yet", "text": "Import them.", "action_url": "", "action_label": ""},
        **changes,
    }


def shown(template: str, **context: Any) -> str:
    request = RequestFactory().get("/customers/")
    return render_to_string(template, {"request": request, "shell": SHELL, **context})


class ContactForm(forms.Form):
    name = forms.CharField(help_text="As on the invoice.")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField()


def form_page(form: forms.Form) -> dict[str, Any]:
    sections = [{"title": "Who", "fields": list(form)}]
    return {"title": "New contact", "form": form, "sections": sections, "submit_label": "Save"}


PAGES: dict[str, dict[str, Any]] = {
    "kit/list.html": {"listing": listing()},
    "kit/detail.html": {"page": {"title": "Acme", "sections": [{"title": "Who", "facts": []}]}},
    "kit/form.html": {"form_page": form_page(ContactForm({}))},
    "kit/delete.html": {"delete_page": {"title": "Erase Acme", "submit_label": "Erase"}},
    "kit/search.html": {"query": "li", "groups": []},
    "kit/sign_in.html": {"form": ContactForm()},
    "kit/error.html": {"status": 404},
    "kit/fault.html": {},
}


@pytest.mark.parametrize("template", PAGES)
def test_no_page_has_inline_script_or_style(template: str) -> None:
    page = shown(template, **PAGES[template])
    scripts = re.findall(r"<script\b([^>]*)>", page)
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", page)


@pytest.mark.parametrize("template", PAGES)
def test_every_identifier_on_a_page_is_there_once(template: str) -> None:
    identifiers = re.findall(r'\sid="([^"]+)"', shown(template, **PAGES[template]))
    assert sorted(identifiers) == sorted(set(identifiers))


@pytest.mark.parametrize("template", ["kit/list.html", "kit/detail.html", "kit/form.html"])
def test_the_body_alone_comes_without_the_frame(template: str) -> None:
    body = shown(f"{template}#body", **PAGES[template])
    assert "<html" not in body
    assert 'class="nav"' not in body


def test_a_list_shows_its_cells_escaped_and_linked() -> None:
    page = shown("kit/list.html#body", listing=listing())
    assert '<a class="cell-main" href="/customers/1/">Acme &amp; Sons</a>' in page
    assert '<a class="badge" data-tone="t1" href="/why/">Important</a>' in page
    assert 'aria-sort="ascending"' in page
    assert 'name="ids" value="1"' in page


def test_the_search_of_a_list_keeps_the_filters_in_force() -> None:
    page = shown("kit/list.html#body", listing=listing())
    assert '<input type="hidden" name="f" value="tier:in:important">' in page


def test_an_empty_list_says_what_it_is_for() -> None:
    page = shown("kit/list.html#body", listing=listing(rows=[]))
    assert "Nothing here yet" in page
    assert "<table" not in page


def test_a_wrong_field_is_tied_to_its_help_and_its_error() -> None:
    page = shown("kit/form.html#body", form_page=form_page(ContactForm({"kind": "a"})))
    widget = re.search(r'<input[^>]*name="name"[^>]*>', page)
    assert widget is not None
    assert 'aria-describedby="id_name-help id_name-errors"' in widget[0]
    assert 'aria-invalid="true"' in widget[0]
    assert 'id="id_name-errors"' in page
    assert '<a href="#id_name">Name:' in page


def test_the_page_for_faults_needs_no_context() -> None:
    assert "Something went wrong on our side" in render_to_string("kit/fault.html")


def test_long_work_asks_again_until_it_has_ended() -> None:
    job = {"label": "Import", "state": "running", "done": 25, "total": 100, "pk": 7, "error": ""}
    assert 'value="25"' in shown("kit/parts/progress.html", job=job)
    assert "every 1s" in shown("kit/parts/progress.html", job=job)
    assert "every 1s" not in shown("kit/parts/progress.html", job={**job, "state": "done"})
    assert "No disk left" in shown(
        "kit/parts/progress.html", job={**job, "state": "failed", "error": "No disk left"}
    )


def test_a_figure_with_an_origin_opens_it() -> None:
    cell = {"kind": "money", "text": "−¥30", "tone": "bad", "url": "/why/"}
    assert show_cell(cell) == '<a class="opens" href="/why/"><span class="bad">−¥30</span></a>'


def test_a_cell_without_text_is_a_dash_and_an_unknown_kind_is_refused() -> None:
    assert "–" in show_cell(Cell("text", ""))
    with pytest.raises(UnknownCellKindError):
        show_cell({"kind": "hologram", "text": "x"})


def test_a_score_draws_its_share_of_the_bar() -> None:
    assert '<rect width="22.0"' in show_cell({"kind": "score", "text": "50", "value": 50})
    assert '<rect width="44.0"' in show_cell({"kind": "score", "text": "130", "value": 130})


def test_initials_are_letters_of_two_words_or_one_character() -> None:
    assert initials_of("Hannah von Lindqvist") == "HV"
    assert initials_of("林海涛") == "林"
    assert ">林</span>林海涛" in show_cell(Cell("user", "林海涛", value="林海涛"))


def test_a_sparkline_runs_from_left_to_right_with_the_largest_on_top() -> None:
    assert line_points([0, 5, 10]) == [(2.5, 15.5), (45.0, 9.0), (87.5, 2.5)]
    assert line_points([4, 4]) == [(2.5, 9.0), (87.5, 9.0)]
    assert "from 0 to 10; lowest 0, highest 10" in sparkline([0, 5, 10])
    assert "<svg" not in sparkline([3])


def test_a_pyramid_fills_its_height_and_widens_downwards() -> None:
    edges = layer_edges([1, 19, 30, 50], inverted=False)
    assert edges[0][0] == 0
    assert edges[-1][1] == pytest.approx(HEIGHT)
    assert [edge[2] for edge in edges] == sorted(edge[2] for edge in edges)
    turned = layer_edges([1, 19, 30, 50], inverted=True)
    assert [edge[2] for edge in turned] == sorted((edge[2] for edge in turned), reverse=True)


def test_a_layer_of_the_pyramid_opens_its_customers() -> None:
    layers = [{"label": "Important", "text": "59", "share": 1, "tone": "t1", "url": "/customers/?f=1"}]
    assert '<a href="/customers/?f=1"><g data-tone="t1">' in pyramid(layers, "Customers")


def test_an_icon_is_drawn_from_its_file_and_a_wrong_name_is_a_dot() -> None:
    assert 'aria-hidden="true"><path' in icon("users")
    assert 'role="img" aria-label="Yes"' in icon("check", label="Yes")
    assert "<circle" in icon("../tabler-icons/users")
    assert not has_icon("../tabler-icons/users")


def test_every_icon_that_a_template_names_is_carried() -> None:
    folder = FOLDER.parents[3] / "templates"
    named = {
        name
        for template in folder.rglob("*.html")
        for name in re.findall(r'{% icon "([^"]+)"', template.read_text(encoding="utf-8"))
    }
    assert len(named) > 20
    assert [name for name in sorted(named) if not has_icon(name)] == []


def test_a_percentage_of_nothing_is_zero() -> None:
    assert percent_of(1, 3) == "33"
    assert percent_of(5, 0) == "0"


def test_a_plain_form_keeps_a_query_but_not_the_place_in_the_list() -> None:
    assert query_pairs("q=a&f=x%3Ais%3A1&f=y%3Ais%3A2&after=9", "q") == [("f", "x:is:1"), ("f", "y:is:2")]


def test_the_palette_offers_each_place_once() -> None:
    menu = [{"label": "", "items": [{"label": "Customers", "url": "/customers/", "key": "c"}]}]
    commands = [{"label": "Customers", "url": "/customers/", "kind": "go"}, {"label": "Run", "url": "/run/"}]
    island = palette_commands({"menu": menu, "commands": commands})
    assert island.count("/customers/") == 1
    assert '"key": "G C"' in island
    assert '"label": "Run"' in island


def test_a_notice_knows_its_way_back() -> None:
    assert undo_url_of(SimpleNamespace(extra_tags="safe undo:/undo/7/")) == "/undo/7/"
    assert undo_url_of(SimpleNamespace(extra_tags=None)) == ""

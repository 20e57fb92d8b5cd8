"""What all pages of privacy share: a form page, and answers that no cache keeps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_cache_control

from clientier.core.errors import Conflict
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.forms import say_refusal
from clientier.rooms.parties.commands.sensitive import NoConsent

Crumbs = list[dict[str, str]]


def uncached(response: HttpResponse) -> HttpResponse:
    """The answer, never to be stored anywhere."""
    add_never_cache_headers(response)
    patch_cache_control(response, no_store=True, private=True)
    return response


def crumbs_of(record: Any) -> Crumbs:
    return [{"label": str(record), "url": link_to(record)}]


@contextmanager
def refusals_on(form: BaseForm) -> Iterator[None]:
    """What a command refuses in words is said on the form; missing rights and records are answered as everywhere."""
    try:
        yield
    except (Conflict, NoConsent, ValidationError) as refusal:
        say_refusal(form, refusal)


def form_page(
    request: Asking,
    form: Any,
    title: str,
    crumbs: Crumbs,
    submit: str,
    template: str = "kit/form.html",
    **context: Any,
) -> HttpResponse:
    page = {
        "title": title,
        "crumbs": crumbs,
        "form": form,
        "sections": [{"title": "", "fields": list(form)}],
        "submit_label": submit,
        "cancel_url": crumbs[-1]["url"],
        "draft_key": "",
    }
    status = 422 if form.is_bound else 200
    return uncached(render(request, template, {"form_page": page, **context}, status=status))

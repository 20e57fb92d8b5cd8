"""Answering persons: the file of all that is known of them, and forgetting them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.rooms.parties.commands.erasure import erase_person
from clientier.rooms.parties.commands.requests import answer_request
from clientier.rooms.parties.models import PrivacyRequest
from clientier.rooms.parties.queries.whole_person import fates, imports_of, person_of, posts_of, trashed_of
from clientier.site.privacy.file import file_of
from clientier.site.privacy.forms import ConfirmForm, ReasonForm
from clientier.site.privacy.pages import crumbs_of, form_page, refusals_on, uncached


def data_file(request: Asking, pk: int) -> HttpResponse:
    """Ask how to call the look; then hand out the file, zipped, and note that it went out."""
    asked = access.get(request.actor, PrivacyRequest, pk, "export")
    person = person_of(asked)
    form = ReasonForm(request.POST or None, initial={"reason": "asked"})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = file_of(person, actor=request.actor, day=request.setting.today, **form.cleaned_data)
            answer_request(asked, actor=request.actor, day=request.setting.today, records=made.records)
            response = HttpResponse(made.content, content_type="application/zip")
            response.headers["Content-Disposition"] = f'attachment; filename="person-{person.pk}.zip"'
            return uncached(response)
    title = _("Data of %(name)s") % {"name": person}
    return form_page(request, form, title, crumbs_of(asked), _("Download"))


def erase(request: Asking, pk: int) -> HttpResponse:
    """Show first what will go and what stays, and why; then the name must be typed."""
    asked = access.get(request.actor, PrivacyRequest, pk, "erase")
    person = person_of(asked)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            confirmed, today = form.cleaned_data["confirmed"], request.setting.today
            erase_person(PrivacyRequest, actor=request.actor, request=asked, confirmed=confirmed, day=today)
            messages.success(request, _("The person is forgotten; orders and sums are what they were."))
            return redirect(link_to(asked))
    context = {
        "page_title": _("Erase %(name)s") % {"name": person}, "crumbs": crumbs_of(asked), "form": form,
        "fates": fates(person), "person": person, "posts": posts_of(person)[1:], "back": link_to(asked),
        "trashed": trashed_of(person).count(), "imports": imports_of(person),
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return uncached(render(request, "site/privacy/erase.html", context, status=status))

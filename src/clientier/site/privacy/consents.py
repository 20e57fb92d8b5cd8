"""Recording from a card what a person agrees to, and that they take it back."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.pages import next_of, tell
from clientier.rooms.parties.commands.consents import record_consent, withdraw_consent
from clientier.rooms.parties.models import Consent, Contact
from clientier.rooms.parties.queries.sensitive import enabled_kinds, person_at
from clientier.site.privacy.forms import ConsentForm, WithdrawForm
from clientier.site.privacy.pages import crumbs_of, form_page, refusals_on


def record(request: Asking, people: str, pk: int) -> HttpResponse:
    """One form for several matters; each becomes a consent that can be withdrawn alone."""
    access.require(request.actor, Consent, "add")
    person = person_at(request.actor, people, pk)
    initial = {"covers": request.GET.getlist("covers"), "given_on": request.setting.today.isoformat()}
    form = ConsentForm(request.POST or None, kinds=enabled_kinds(), initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        whose = (
            {"customer": person.customer, "contact": person}
            if isinstance(person, Contact)
            else {"customer": person}
        )
        with refusals_on(form), transaction.atomic():
            for covers in facts["covers"]:
                changes = {**whose, **facts, "covers": covers}
                record_consent(Consent, actor=request.actor, changes=changes)
            tell(request, _("Consent of %(name)s recorded") % {"name": person}, undo=True)
            return redirect(next_of(request) or link_to(person))
    title = _("Consent of %(name)s") % {"name": person}
    return form_page(request, form, title, crumbs_of(person), _("Save"))


def withdraw(request: Asking, pk: int) -> HttpResponse:
    """What the consent covered is hidden at once."""
    consent = access.get(request.actor, Consent, pk, "change")
    form = WithdrawForm(request.POST or None, today=request.setting.today)
    person = consent.contact or consent.customer
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            withdraw_consent(consent, actor=request.actor, **form.cleaned_data, today=request.setting.today)
            tell(request, _("Withdrawn: %(name)s") % {"name": consent}, undo=True)
            return redirect(next_of(request) or link_to(person))
    title = _("Withdraw: %(name)s") % {"name": consent}
    return form_page(request, form, title, crumbs_of(person), _("Withdraw"))

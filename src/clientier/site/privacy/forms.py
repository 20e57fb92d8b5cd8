"""What the pages of privacy ask for. None of these keeps a draft in the browser."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clientier.rooms.parties.choices.privacy import LookReason, Matter, SensitiveKind
from clientier.rooms.parties.models import PrivacyRules

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReasonForm(forms.Form):
    """Why somebody looks."""

    reason = forms.ChoiceField(label=_("Reason"), choices=LookReason.choices)
    words = forms.CharField(
        label=_("In words"), required=False, max_length=300,
        help_text=_("It is kept with your name, the day and the time; the person may ask to see it."),
    )  # fmt: skip


class ValueForm(forms.Form):
    """What is known; never shown again in the form."""

    value = forms.CharField(
        label=_("What is known"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("It takes the place of what is there. Saving it empty takes out what is there."),
    )  # fmt: skip


class NumberForm(ReasonForm):
    """An identity number to be found."""

    number = forms.CharField(
        label=_("Identity number"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    field_order = ("number", "reason", "words")


class ExportForm(ReasonForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=())
    field_order = ("kind", "reason", "words")

    def __init__(self, data: Any, *, kinds: list[str]) -> None:
        super().__init__(data)
        chosen: Any = self.fields["kind"]
        chosen.choices = [(kind, SensitiveKind(kind).label) for kind in kinds]


class ConsentForm(forms.Form):
    """One consent to one or several matters."""

    covers = forms.MultipleChoiceField(label=_("Agrees to"), widget=forms.CheckboxSelectMultiple)
    purpose = forms.CharField(
        label=_("Purpose"), max_length=200, help_text=_("What it is for, as the person was told.")
    )
    given_by = forms.CharField(
        label=_("Given by"), max_length=120, required=False,
        help_text=_("Empty where it was the person; else who may speak for them, such as a parent."),
    )  # fmt: skip
    given_on = forms.DateField(label=_("Given on"), widget=DAY)
    valid_until = forms.DateField(label=_("Valid until"), widget=DAY, required=False)
    proof = forms.CharField(
        label=_("Proof"),
        max_length=300,
        help_text=_("Where one finds it: a form, a letter, a recorded call."),
    )

    def __init__(self, data: Any, *, kinds: list[str], **options: Any) -> None:
        super().__init__(data, **options)
        chosen: Any = self.fields["covers"]
        chosen.choices = [
            (value, label)
            for value, label in Matter.choices
            if value in kinds or value not in SensitiveKind.values
        ]


class WithdrawForm(forms.Form):
    on = forms.DateField(label=_("Withdrawn on"), widget=DAY)

    def __init__(self, data: Any, *, today: dt.date) -> None:
        super().__init__(data, initial={"on": today.isoformat()})
        self.today = today

    def clean_on(self) -> dt.date:
        """It holds at once; nobody withdraws tomorrow."""
        on: dt.date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return on


class ConfirmForm(forms.Form):
    confirmed = forms.CharField(
        label=_("Type the name to confirm"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class RulesForm(forms.ModelForm):
    class Meta:
        model = PrivacyRules
        fields = (
            "keeps_identity_number", "keeps_health", "keeps_religion", "keeps_politics", "keeps_family",
            "answer_within", "counted_in",
        )  # fmt: skip

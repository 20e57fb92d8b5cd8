"""The forms on which an administrator says what a custom field is."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clientier.core.access import field_at
from clientier.core.coded import CodedField
from clientier.core.custom import settling
from clientier.core.custom.models import CustomField, Kind
from clientier.core.money import Currency

LANGUAGES = tuple(settings.LANGUAGES)
WORDS = {
    "names": gettext_lazy("Name"),
    "group": gettext_lazy("Section"),
    "helps": gettext_lazy("Help"),
}
LIMITED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.DATE})
CHOSEN = frozenset({Kind.CHOICE, Kind.CHOICES})
TONES = [
    ("", gettext_lazy("none")),
    ("good", gettext_lazy("green")),
    ("warn", gettext_lazy("yellow")),
    ("bad", gettext_lazy("red")),
    ("info", gettext_lazy("blue")),
]


class FieldForm(forms.Form):
    """Everything about one field but its choices; what does not belong to its kind is left out."""

    code = forms.CharField(
        label=pgettext_lazy("identifier", "code"), max_length=40, required=False,
        help_text=gettext_lazy(
            "For formulas, imports and the API; it stays for good. Left empty, it follows from the English name."
        ),
    )  # fmt: skip
    formula = forms.CharField(
        label=gettext_lazy("formula"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Fields by their code, numbers, texts in quotes, + − * /, comparisons, “a if b else c”, and: round, abs, "
            "min, max, first, join, length, days, year, month. Empty fields and divisions by zero give nothing."
        ),
    )  # fmt: skip
    unit = forms.CharField(label=gettext_lazy("unit"), max_length=20, required=False)
    currency = forms.ChoiceField(
        label=gettext_lazy("currency"),
        required=False,
        choices=lambda: [("", _("base currency")), *Currency.choices],
    )
    lowest = forms.CharField(label=gettext_lazy("lowest"), max_length=40, required=False)
    highest = forms.CharField(label=gettext_lazy("highest"), max_length=40, required=False)
    default = forms.CharField(
        label=gettext_lazy("default"), required=False, max_length=300,
        help_text=gettext_lazy("For new records: of choices the codes, with commas; yes or no; dates as 2026-01-31."),
    )  # fmt: skip
    required = forms.BooleanField(label=gettext_lazy("required"), required=False)
    listed = forms.BooleanField(label=gettext_lazy("shown in lists at first"), required=False)
    searchable = forms.BooleanField(label=gettext_lazy("found by the search box"), required=False)
    indexed = forms.BooleanField(
        label=gettext_lazy("quick to filter and sort by"), required=False,
        help_text=gettext_lazy("For long lists; every such field makes saving a little slower."),
    )  # fmt: skip
    place = forms.IntegerField(
        label=gettext_lazy("place"), min_value=1, max_value=999, initial=50,
        help_text=gettext_lazy("Smaller numbers come first."),
    )  # fmt: skip

    def __init__(self, data: Any, *, model: type[Model], kind: str, field: CustomField | None) -> None:
        self.model, self.kind, self.known = model, kind, field
        super().__init__(data, initial=_initial(field) if field else None)
        for name, label in WORDS.items():
            for language, language_name in LANGUAGES:
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=f"{label} · {language_name}",
                    required=False,
                    max_length=300 if name == "helps" else 80,
                )
        for name in getattr(model, "CUSTOM_FIELDS_BY", ()):
            self.fields[f"applies_{name}"] = _deciding(model, name)
        for name in self._needless():
            self.fields.pop(name, None)
        for entered in self.fields.values():
            entered.label = capfirst(str(entered.label))

    def _needless(self) -> set[str]:
        kind = self.kind
        gone = {"code"} if self.known else set()
        gone |= set() if kind == Kind.FORMULA else {"formula"}
        gone |= set() if kind in (Kind.NUMBER, Kind.FORMULA) else {"unit"}
        gone |= set() if kind == Kind.MONEY else {"currency"}
        gone |= set() if kind in LIMITED else {"lowest", "highest"}
        gone |= set() if kind in settling.SEARCHABLE else {"searchable"}
        gone |= {"indexed"} if kind in settling.NEVER_INDEXED else set()
        gone |= {"required", "default"} if kind == Kind.FORMULA else set()
        return gone | ({"default"} if kind in (Kind.USER, Kind.CUSTOMER) else set())

    def sections(self) -> list[dict[str, Any]]:
        """The fields as the page groups them."""
        rest = [name for name in self.fields if not name.startswith(tuple(f"{word}_" for word in WORDS))]
        decide = [name for name in rest if name.startswith("applies_")]
        named: list[tuple[str, list[str]]] = [
            (_("What it is called"), [f"names_{language}" for language, _name in LANGUAGES]),
            (_("What it holds"), [name for name in rest if name not in decide]),
            (_("Only for"), decide),
            (
                _("Where it stands"),
                [f"{word}_{code}" for word in ("group", "helps") for code, _n in LANGUAGES],
            ),
        ]
        return [{"title": title, "fields": [self[name] for name in names]} for title, names in named if names]

    def changes(self) -> dict[str, Any]:
        """What was entered, as a field is stored."""
        facts = self.cleaned_data
        words = {
            name: {
                language: facts[f"{name}_{language}"]
                for language, _n in LANGUAGES
                if facts[f"{name}_{language}"]
            }
            for name in WORDS
        }
        applies = {
            name.removeprefix("applies_"): _listed(value)
            for name, value in facts.items()
            if name.startswith("applies_") and _listed(value)
        }
        plain = {n: v for n, v in facts.items() if not n.startswith((*(f"{w}_" for w in WORDS), "applies_"))}
        if "default" in plain:
            plain["default"] = _default(self.kind, plain["default"])
        if not self.known:
            plain["code"] = plain["code"] or code_from(words["names"].get("en", ""), "field")
        return {**plain, **words, "applies": applies}


class ChoiceForm(forms.Form):
    """One choice of a field."""

    code = forms.CharField(label=pgettext_lazy("identifier", "code"), max_length=40, required=False)
    tone = forms.ChoiceField(label=gettext_lazy("colour"), choices=TONES, required=False)
    place = forms.IntegerField(label=gettext_lazy("place"), required=False, min_value=1, max_value=999)
    retired = forms.BooleanField(label=gettext_lazy("retired"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        own = dict(self.fields)
        names = {
            f"name_{language}": forms.CharField(label=name, required=False, max_length=80)
            for language, name in LANGUAGES
        }
        self.fields = {**names, **own}
        for entered in self.fields.values():
            entered.label = capfirst(str(entered.label))


ChoiceForms = forms.formset_factory(ChoiceForm, extra=4, max_num=settling.MOST_CHOICES)


def choices_of(entered: Any) -> list[dict[str, Any]]:
    """The choices of a formset, in their order; lines without a name are none."""
    made = []
    for line, form in enumerate(entered, start=1):
        facts = form.cleaned_data
        names = {
            language: facts[f"name_{language}"] for language, _n in LANGUAGES if facts.get(f"name_{language}")
        }
        if names:
            code = facts["code"] or code_from(names.get("en", ""), f"choice_{line}")
            known = {"code": code, "names": names, "tone": facts["tone"], "retired": facts["retired"]}
            made.append((facts["place"] or 1000, line, known))
    return [known for _place, _line, known in sorted(made, key=lambda each: each[:2])]


def choice_lines(field: CustomField | None) -> list[dict[str, Any]]:
    """The choices that a field has, as the formset shows them."""
    return [
        {
            **{f"name_{language}": choice["names"].get(language, "") for language, _n in LANGUAGES},
            **{name: choice.get(name) for name in ("code", "tone", "retired")},
            "place": place,
        }
        for place, choice in enumerate(field.choices if field else [], start=1)
    ]


def code_from(name: str, otherwise: str) -> str:
    code = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:40].strip("_")
    return code if settling.CODE.match(code) else otherwise


def _initial(field: CustomField) -> dict[str, Any]:
    known = {
        name: getattr(field, name)
        for name in ("formula", "unit", "currency", "lowest", "highest", "required", "listed", "searchable",
                     "indexed", "place")
    }  # fmt: skip
    words = {f"{name}_{language}": text for name in WORDS for language, text in getattr(field, name).items()}
    model = settling.model_with_custom_fields(field.record)
    applies = {
        f"applies_{name}": values if _has_choices(model, name) else ", ".join(_called(model, name, values))
        for name, values in field.applies.items()
    }
    return {**known, **words, **applies, "default": _shown_default(field.default)}


def _shown_default(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value if value is not None else "")


def _default(kind: str, text: str) -> Any:
    if kind == Kind.CHOICES:
        return _listed(text)
    if kind == Kind.YES_NO and text:
        return {"yes": True, "no": False}.get(text.strip().lower(), text)
    return text or None


def _has_choices(model: type[Model], name: str) -> bool:
    return bool(field_at(model, name).choices)


def _called(model: type[Model], name: str, values: list[str]) -> list[str]:
    field = field_at(model, name)
    return [field.name_of(each) for each in values] if isinstance(field, CodedField) else values


def _deciding(model: type[Model], name: str) -> forms.Field:
    field = field_at(model, name)
    label = str(field.verbose_name)
    if field.choices:
        return forms.MultipleChoiceField(
            label=label, choices=field.choices, required=False, widget=forms.CheckboxSelectMultiple
        )
    return forms.CharField(label=label, required=False, max_length=300, help_text=_("Several with commas."))


def _listed(value: Any) -> list[str]:
    parts = value if isinstance(value, list) else re.split(r"[,，、;；]", value or "")
    return [part.strip() for part in parts if part.strip()]

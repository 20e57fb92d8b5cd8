"""Which fields the form and the card of a record show, in which groups and order: as rights and layouts say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.custom import definitions
from clientier.core.custom.definitions import Definition
from clientier.kit.models import Layout
from clientier.kit.resource import Resource

INDUSTRY = "industry"


@dataclass(frozen=True)
class Group:
    """A section in the words of the moment; ``when`` says for which value of which field it makes sense."""

    title: str
    fields: tuple[str, ...]
    folded: bool = False
    when: str = ""


def groups(shown: Resource, actor: Actor, facts: Mapping[str, Any]) -> list[Group]:
    """The groups for a record with these values, before rights: what one may not see, the callers leave out.

    Of those that fit, one for the role goes before one for all; then one for the industry; then one for the kind.
    """
    subkind, industry = subkind_of(shown.model, facts), industry_of(shown.model, facts)
    asked = Q(role=None) | Q(role=actor.role_id) if actor.role_id else Q(role=None)
    found = Layout.objects.filter(asked, record=shown.model._meta.label_lower, subkind__in=("", subkind))
    fitting = [
        each for each in found if not each.industry or one_industry(shown.model, each.industry) == industry
    ]
    chosen = max(
        fitting,
        key=lambda each: (each.role_id is not None, each.industry != "", each.subkind != ""),
        default=None,
    )
    return _laid_out(shown, chosen) if chosen else first_groups(shown)


def first_groups(shown: Resource) -> list[Group]:
    """Where there is no layout: the sections of the resource, and the custom fields by their own sections."""
    made = [Group(str(section.title), section.fields, section.folded) for section in shown.form]
    places = {group.title.casefold(): place for place, group in enumerate(made)}
    for definition in definitions.live(shown.model).values():
        title = definitions.said(definition.group) or _("More")
        place = places.setdefault(title.casefold(), len(made))
        if place == len(made):
            made.append(Group(title, ()))
        made[place] = replace(made[place], fields=(*made[place].fields, definition.path))
    return made


def _laid_out(shown: Resource, layout: Layout) -> list[Group]:
    known = {*shown.form_fields, *(each.path for each in definitions.live(shown.model).values())}
    made = [
        Group(
            definitions.said(section.get("names", {})),
            tuple(name for name in section["fields"] if name in known),
            bool(section.get("folded")),
        )
        for section in layout.sections
    ]
    placed = {name for group in made for name in group.fields}
    missing = tuple(name for name in needed(shown) if name not in placed)
    return [*made, Group(_("Needed"), missing)] if missing else made


def needed(shown: Resource) -> list[str]:
    """The fields without which no record can be made; they are on every form."""
    own = [name for name in shown.form_fields if _must_be_given(shown.model, name)]
    return own + [each.path for each in definitions.live(shown.model).values() if each.required]


def _must_be_given(model: type[Model], name: str) -> bool:
    field = access.field_at(model, name)
    return not (field.blank or field.null or field.has_default())


def for_form(shown: Resource, actor: Actor, facts: Mapping[str, Any]) -> list[Group]:
    """The groups of a form; fields for records of one kind alone stand in groups that come and go with it."""
    deciding = first_deciding(shown.model)
    switchable = deciding in access.fields(actor, shown.model).writable
    made: list[Group] = []
    for group in groups(shown, actor, facts):
        known = {name: definitions.at(shown.model, name) for name in group.fields}
        usable = [n for n, of in known.items() if of is None or _may_apply(of, facts, deciding, switchable)]
        moving = {n: of.applies[deciding] for n in usable if (of := known[n]) and deciding in of.applies}
        moving = moving if switchable else {}
        made.append(replace(group, fields=tuple(n for n in usable if n not in moving)))
        made += _moving(group, moving, deciding)
    return [group for group in made if group.fields]


def _may_apply(of: Definition, facts: Mapping[str, Any], deciding: str, switchable: bool) -> bool:
    """What the form itself can change decides nothing yet."""
    fixed = {name: value for name, value in facts.items() if not (switchable and name == deciding)}
    return of.applies_to(fixed)


def _moving(group: Group, moving: Mapping[str, list[str]], deciding: str) -> Iterable[Group]:
    for values in {tuple(values) for values in moving.values()}:
        fields = tuple(name for name, wanted in moving.items() if tuple(wanted) == values)
        yield replace(group, fields=fields, folded=True, when=f"{deciding}:{','.join(values)}")


def for_card(shown: Resource, actor: Actor, record: Model) -> list[Group]:
    """The groups of a record's page, without the fields that are not for such a record."""
    facts = facts_of(record)
    return [
        replace(group, fields=tuple(name for name in group.fields if _is_for(record, name, facts)))
        for group in groups(shown, actor, facts)
    ]


def _is_for(record: Model, name: str, facts: Mapping[str, Any]) -> bool:
    known = definitions.at(type(record), name)
    return known is None or known.applies_to(facts)


def facts_of(
    record: Model | None, given: Mapping[str, Any] | None = None, model: Any = None
) -> dict[str, Any]:
    """What decides which fields a record has; of a new one, what it would start with."""
    of = record or model()
    deciding = getattr(of, "CUSTOM_FIELDS_BY", ())
    return {name: (given or {}).get(name) or getattr(of, name) for name in deciding}


def first_deciding(model: type[Model]) -> str:
    return next(iter(getattr(model, "CUSTOM_FIELDS_BY", ())), "")


def subkind_of(model: type[Model], facts: Mapping[str, Any]) -> str:
    return str(facts.get(first_deciding(model)) or "")


def divides_by_industry(model: type[Model]) -> bool:
    """Whether records of this kind have an industry that decides which fields they show."""
    return INDUSTRY in getattr(model, "CUSTOM_FIELDS_BY", ())


def industry_of(model: type[Model], facts: Mapping[str, Any]) -> str:
    """The industry of the record as layouts are held against it."""
    return one_industry(model, str(facts.get(INDUSTRY) or "")) if divides_by_industry(model) else ""


def one_industry(model: type[Model], text: str) -> str:
    """One text for all ways to write an industry: its code where it is known, else whatever the case of its letters."""
    return str(access.field_at(model, INDUSTRY).to_python(text.strip())).casefold()


def named(shown: Resource, name: str) -> str:
    """What a field is called, built-in or custom."""
    return str(access.field_at(shown.model, name).verbose_name)

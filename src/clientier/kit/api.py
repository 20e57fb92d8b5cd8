"""The same resources, spoken as JSON. No future annotations here: ninja reads the real types."""

import datetime as dt
from collections.abc import Set
from decimal import Decimal
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db.models import IntegerField, Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query, Router, Schema, Status
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as BadRequestBody
from pydantic import Field, create_model

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.custom import definitions
from clientier.core.custom.definitions import PREFIX
from clientier.core.custom.values import COLUMN
from clientier.core.errors import DomainError, NotAllowed, NotFound
from clientier.core.outside import whole_number
from clientier.core.wording import listed
from clientier.kit import custom_values, likeness, moved, paging, rows
from clientier.kit.asking import Asking
from clientier.kit.questions import Question
from clientier.kit.resource import Column, Resource, kind_of
from clientier.kit.written import Written as Written

MOST_AT_ONCE = 200
_TYPES: dict[str, Any] = {
    "money": Decimal, "number": Decimal, "percent": float, "delta": float, "score": float, "date": dt.date,
    "datetime": dt.datetime, "bool": bool, "relation": int, "user": int, "spark": list[int],
}  # fmt: skip


CUSTOM_IN_WORDS = (
    "Custom fields by code; `/custom-fields/` lists them with their kinds. Numbers and money are decimals "
    "(best sent as text), dates ISO 8601, choices codes, references ids. Formulas are read only."
)


class Problem(Schema):
    """RFC 9457: what happened, under a stable code."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: dict[str, list[str]] = {}


PROBLEMS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


def router(shown: Resource) -> Router:
    """The routes of one resource: list and read for all, write where it has a form."""
    name = shown.model.__name__
    read = _schema(shown, f"{name}Out", _paths(shown))
    page = create_model(f"{name}Page", __base__=Schema, items=(list[read], ...), next=(str, ""))  # type: ignore[valid-type]
    made = Router(tags=[shown.slug])

    @made.get("/", response={200: page, **PROBLEMS}, operation_id=f"{shown.slug}_list", exclude_unset=True)
    def index(
        request: Asking,
        f: list[str] = Query([], description="Conditions, each path:operator:values"),  # noqa: B008
        q: str = "",
        order: str = "",
        after: str = "",
        limit: int = Query(50, ge=1, le=MOST_AT_ONCE),
    ) -> Any:
        return _page(shown, request, limit, after)

    @made.get(
        "/{int:pk}", response={200: read, **PROBLEMS}, operation_id=f"{shown.slug}_get", exclude_unset=True
    )
    def one(request: Asking, pk: int) -> Any:
        try:
            return _facts(shown, request, access.get(request.actor, shown.model, pk))
        except NotFound:
            if (successor := moved.successor(request.actor, shown.model, pk)) is None:
                raise
            return HttpResponseRedirect(f"../{shown.slug}/{successor.pk}", status=307)

    if shown.form:
        _writing(made, shown, name, read)
    return made


def _page(shown: Resource, request: Asking, limit: int, after: str) -> dict[str, Any]:
    """The records after that place, as the question in the address asks for them."""
    question = Question.parse(request.GET)
    way, descending = rows.ordering(shown, request.actor, question)
    found = rows.select(shown, request.actor, question, request.setting.today)
    columns = [*_readable(shown, request.actor), *custom_values.columns(shown.model)]
    found = rows.joined(shown, found, columns, request.actor)
    order_by = paging.Order.by(shown.model, way, descending=descending)
    page = paging.page(found, order_by, size=limit, after=after)
    return {"items": [_facts(shown, request, r, told=True) for r in page.records], "next": page.after}


def _writing(made: Router, shown: Resource, name: str, read: Any) -> None:
    columns = [Column(path=field) for field in shown.form_fields]
    needed = {c.path for c in columns if _is_required(shown, c.path)}
    new = _schema(shown, f"{name}New", columns, needed, base=Written)
    patch = _schema(shown, f"{name}Change", columns, base=Written)

    _creating(made, shown, new, read)

    @made.patch(
        "/{int:pk}", response={200: read, **PROBLEMS}, operation_id=f"{shown.slug}_update", exclude_unset=True
    )
    def update(request: Asking, pk: int, body: patch) -> Any:  # type: ignore[valid-type]
        record = access.get(request.actor, shown.model, pk)
        facts = _resolved(request, shown, _sent(body))
        _refuse_unseen(request, record, facts)
        return _facts(shown, request, shown.update(record, actor=request.actor, changes=facts))

    @made.delete("/{int:pk}", response={204: None, **PROBLEMS}, operation_id=f"{shown.slug}_delete")
    def delete(request: Asking, pk: int) -> Any:
        shown.delete(access.get(request.actor, shown.model, pk), actor=request.actor)
        return Status(204, None)


def _creating(made: Router, shown: Resource, new: Any, read: Any) -> None:
    """Creating; of kinds over which somebody watches, with a word of what is there already."""
    route = made.post(
        "/", response={201: read, **PROBLEMS}, operation_id=f"{shown.slug}_create", exclude_unset=True
    )

    def created(request: Asking, body: Any) -> Any:
        facts = _resolved(request, shown, _sent(body))
        record = shown.create(shown.model, actor=request.actor, changes=facts)
        return Status(201, _facts(shown, request, record))

    watch = likeness.watching(shown.slug)
    if watch is None:

        def create(request: Asking, body: new) -> Any:
            return created(request, body)

        route(create)
        return

    def create_unless_there(
        request: Asking,
        response: HttpResponse,
        body: new,
        if_alike: Literal["create", "refuse"] = Query(
            "create",
            description="What to do where such a record may be there already: the header Alike names them.",
        ),
    ) -> Any:
        found = watch.find(request.actor, _sent(body))
        if found and if_alike == "refuse":
            raise likeness.AlreadyThere(found)
        response.headers["Alike"] = " ".join(map(str, found))
        return created(request, body)

    route(create_unless_there)


def speak_problems(api: NinjaAPI) -> None:
    """Every refusal as a problem document, in one place."""

    @api.exception_handler(DomainError)
    def refused(request: HttpRequest, error: DomainError) -> JsonResponse:
        return problem(error.status, error.code, str(error))

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> JsonResponse:
        errors = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        return problem(422, "invalid", _("Some values do not fit. Nothing was changed."), errors)

    @api.exception_handler(BadRequestBody)
    def unreadable(request: HttpRequest, error: BadRequestBody) -> JsonResponse:
        errors = {".".join(str(part) for part in e["loc"][1:]): [str(e["msg"])] for e in error.errors}
        return problem(422, "invalid", _("Some values do not fit. Nothing was changed."), errors)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> JsonResponse:
        return problem(401, "unauthenticated", _("Sign in, or send a valid token."))

    @api.exception_handler(HttpError)
    def failed(request: HttpRequest, error: HttpError) -> JsonResponse:
        return problem(error.status_code, "bad_request", str(error))


def problem(status: int, code: str, detail: str, errors: dict[str, list[str]] | None = None) -> JsonResponse:
    body = {"type": f"/problems/{code}", "title": code, "status": status, "code": code, "detail": detail}
    return JsonResponse(
        {**body, **({"errors": errors} if errors else {})},
        status=status,
        content_type="application/problem+json",
    )


def _paths(shown: Resource) -> list[Column]:
    known = {column.path for column in shown.all_columns}
    others = [Column(path=p) for p in ("id", *shown.form_fields) if p not in known]
    return [*others, *shown.all_columns]


def _schema(
    shown: Resource,
    name: str,
    columns: list[Column],
    required: Set[str] = frozenset(),
    *,
    base: type[Schema] = Schema,
) -> Any:
    fields: dict[str, Any] = {}
    for column in columns:
        kind = _type_of(shown, column)
        fields[column.path] = (kind, ...) if column.path in required else (kind | None, None)
    if definitions.takes_custom_fields(shown.model):
        fields[COLUMN] = (dict[str, Any], Field({}, description=CUSTOM_IN_WORDS))
    return create_model(name, __base__=base, **fields)


def _type_of(shown: Resource, column: Column) -> Any:
    field = access.field_at(shown.model, column.path)
    if isinstance(field, IntegerField):
        return int
    return _TYPES.get(kind_of(shown, column), str)


def _is_required(shown: Resource, name: str) -> bool:
    field = access.field_at(shown.model, name)
    return not (field.blank or field.null or field.has_default())


def _facts(shown: Resource, request: Asking, record: Any, *, told: bool = False) -> dict[str, Any]:
    """What the actor may read of the record, by path; relations by id, and none to what is out of reach.

    A row of a list has ``told`` already what that is.
    """
    facts: dict[str, Any] = {}
    columns = _readable(shown, request.actor)
    if not told:
        paths = [column.path for column in [*columns, *custom_values.columns(shown.model)]]
        rows.tell_reached(request.actor, record, paths)
    for column in columns:
        value = rows.value_at(record, column.path)
        facts[column.path] = value.pk if isinstance(value, Model) else value
    if definitions.takes_custom_fields(shown.model):
        facts[COLUMN] = custom_values.plain(request.actor, record, rows.value_at)
    return facts


def _readable(shown: Resource, actor: Actor) -> list[Column]:
    return [column for column in _paths(shown) if access.can_read(actor, shown.model, column.path)]


def _sent(body: Any) -> dict[str, Any]:
    """What the caller said; what was left out is left alone."""
    sent: dict[str, Any] = body.model_dump(exclude_unset=True)
    return sent


def _refuse_unseen(request: Asking, record: Model, facts: dict[str, Any]) -> None:
    """A relation that leads out of reach reads as none; writing that back would cut what one cannot see."""
    rows.tell_reached(request.actor, record, facts)
    if any(rows.is_unseen(record, name) for name in facts):
        raise NotAllowed


def _resolved(request: Asking, shown: Resource, facts: dict[str, Any]) -> dict[str, Any]:
    """Swap ``owner: 3`` for the user, if the actor can see such records; unset text is empty text."""
    custom = facts.pop(COLUMN, None) or {}
    if custom.keys() - definitions.live(shown.model).keys():
        raise ValidationError(
            {COLUMN: _("There is no such field: %(names)s.") % {"names": listed(sorted(custom))}}
        )
    facts |= {f"{PREFIX}{code}": value for code, value in custom.items()}
    return {name: _value(request, access.field_at(shown.model, name), value) for name, value in facts.items()}


def _key(field: Any, value: Any) -> int:
    """A whole number and nothing else: what a custom field refers to may be sent as anything."""
    key = whole_number(value) if isinstance(value, str) else value
    if type(key) is not int:
        raise ValidationError({field.name: _("A record is needed here.")})
    return key


def _value(request: Asking, field: Any, value: Any) -> Any:
    if field.is_relation and value is not None:
        return access.get(request.actor, field.related_model, _key(field, value))
    return "" if value is None and not field.null else value

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.urls import include, path
from ninja import NinjaAPI
from ninja.security import HttpBearer, SessionAuth

from clientier.kit import api, coded, custom_api, pages, trash, trash_api
from clientier.kit.imports import api as imports_api
from clientier.kit.resource import REGISTRY
from clientier.rooms.catalog import api as catalog_api
from clientier.rooms.duplicates import api as duplicates_api
from clientier.rooms.stewardship.api import cards as cards_api
from clientier.rooms.stewardship.api import hand_overs as hand_overs_api
from clientier.rooms.stewardship.api import packs as packs_api
from clientier.rooms.stewardship.api import reviews as reviews_api
from clientier.rooms.trade.api import credit as credit_api
from clientier.rooms.trade.api import documents as documents_api
from clientier.site import administration, today, web
from clientier.site.privacy import api as privacy_api
from clientier.site.rights import card, editor, reasons, sharing
from clientier.site.settings import ROOMS

for room in ROOMS:
    import_module(f"clientier.rooms.{room}.resources")


class Token(HttpBearer):
    """The edge has found the token's user already; without one there is no actor."""

    def authenticate(self, request: Any, token: str) -> Any:
        return getattr(request, "actor", None)


class Session(SessionAuth):
    """The session of a browser, with its CSRF token; a token that was sent decides alone, even a wrong one."""

    def authenticate(self, request: Any, key: str | None) -> Any:
        return None if request.headers.get("Authorization") else getattr(request, "actor", None)


rest = NinjaAPI(title="Clientier", version="1", auth=[Token(), Session()], docs_url=None)
api.speak_problems(rest)
for resource in REGISTRY.values():
    rest.add_router(f"/{resource.slug}", api.router(resource))
rest.add_router("/trash", trash_api.router())
rest.add_router("/sensitive", privacy_api.router())
rest.add_router("/consents", privacy_api.consent_router())
rest.add_router("/products", catalog_api.router())
rest.add_router("", duplicates_api.router())
rest.add_router("", documents_api.router())
rest.add_router("/custom-fields", custom_api.router())
rest.add_router("/privacy-requests", privacy_api.request_router())
rest.add_router("/retention-rules", privacy_api.retention_router())
rest.add_router("/imports", imports_api.router())
rest.add_router("", cards_api.router())
rest.add_router("", credit_api.router())
rest.add_router("/reviews", reviews_api.router())
rest.add_router("", packs_api.router())
rest.add_router("/hand-overs", hand_overs_api.router())
rest.add_router("/hand-over-briefs", hand_overs_api.brief_router())

urlpatterns: list[Any] = [
    path("api/v1/", rest.urls),
    path("", include("clientier.site.accounts.urls")),
    path("", include("clientier.site.privacy.urls")),
    path("", today.today, name="today"),
    path("settings/", administration.settings, name="settings"),
    path("settings/company/", administration.company, name="settings-company"),
    path("settings/rules/", administration.rules, name="settings-rules"),
    path("settings/roles/<int:pk>/", editor.rights, name="settings-role"),
    path("settings/roles/<int:pk>/sees/", editor.sees, name="settings-role-sees"),
    path("settings/roles/<int:pk>/copy/", editor.copy, name="settings-role-copy"),
    path("settings/roles/<int:pk>/retire/", editor.retire, name="settings-role-retire"),
    path("settings/roles/<int:pk>/fields/<str:label>/", editor.fields, name="settings-role-fields"),
    path("settings/", include("clientier.site.custom_fields.urls")),
    path("loans/", sharing.loans, name="loans"),
    path("loans/ask/", sharing.ask, name="loan-ask"),
    path("loans/<int:pk>/answer/", sharing.answer, name="loan-answer"),
    path("customers/<int:pk>/share/", sharing.share, name="customer-share"),
    path("shares/<int:pk>/end/", sharing.end, name="share-end"),
    path("settings/sample-data/", administration.sample_data, name="sample-data"),
    path("search/", web.search, name="search"),
    path("undo/<uuid:request_id>/", web.undo, name="undo"),
    path("trash/", trash.index, name="trash"),
    path("trash/<int:pk>/restore/", trash.bring_back, name="trash-restore"),
    path(
        "trash/together/<uuid:request_id>/restore/", trash.bring_back_together, name="trash-restore-together"
    ),
    path("names/<slug:slug>/", coded.names, name="names"),
    path("language/", web.language, name="language"),
    path("appearance/", web.appearance, name="appearance"),
    path("views/<int:pk>/choose/", pages.choose_view, name="view-choose"),
    path("views/<int:pk>/delete/", pages.delete_view, name="view-delete"),
    path("jobs/<uuid:pk>/", web.job, name="job"),
    path("imports/", include("clientier.kit.imports.web")),
    path("health/", web.health, name="health"),
]
for room in ROOMS:
    try:
        urlpatterns.append(path("", include(f"clientier.rooms.{room}.urls")))
    except ModuleNotFoundError as missing:
        if missing.name != f"clientier.rooms.{room}.urls":
            raise
for resource in REGISTRY.values():
    urlpatterns += pages.urls(resource)

reasons.stand_on_card()
card.stand_on_card()
handler404 = "clientier.site.faults.not_found"
handler403 = "clientier.site.faults.forbidden"
handler400 = "clientier.site.faults.bad_request"
handler429 = "clientier.site.accounts.limits.too_often"
handler500 = "clientier.site.faults.fault"

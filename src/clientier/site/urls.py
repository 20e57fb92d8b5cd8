from __future__ import annotations

from importlib import import_module
from typing import Any

from django.urls import include, path
from ninja import NinjaAPI
from ninja.security import HttpBearer, SessionAuth

from clientier.kit import api, pages, trash, trash_api
from clientier.kit.imports import api as imports_api
from clientier.kit.resource import REGISTRY
from clientier.site import administration, today, web
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
rest.add_router("/imports", imports_api.router())

urlpatterns: list[Any] = [
    path("api/v1/", rest.urls),
    path("", include("clientier.site.accounts.urls")),
    path("", today.today, name="today"),
    path("settings/", administration.settings, name="settings"),
    path("settings/company/", administration.company, name="settings-company"),
    path("settings/rules/", administration.rules, name="settings-rules"),
    path("settings/roles/<int:pk>/", administration.role, name="settings-role"),
    path("settings/sample-data/", administration.sample_data, name="sample-data"),
    path("search/", web.search, name="search"),
    path("undo/<uuid:request_id>/", web.undo, name="undo"),
    path("trash/", trash.index, name="trash"),
    path("trash/<int:pk>/restore/", trash.bring_back, name="trash-restore"),
    path(
        "trash/together/<uuid:request_id>/restore/", trash.bring_back_together, name="trash-restore-together"
    ),
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

handler404 = "clientier.site.faults.not_found"
handler403 = "clientier.site.faults.forbidden"
handler400 = "clientier.site.faults.bad_request"
handler429 = "clientier.site.accounts.limits.too_often"
handler500 = "clientier.site.faults.fault"

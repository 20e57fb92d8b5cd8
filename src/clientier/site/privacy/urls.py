from __future__ import annotations

from typing import Any

from django.urls import path

from clientier.site.privacy import consents, requests, sensitive, settings

urlpatterns: list[Any] = [
    path("settings/privacy/", settings.index, name="privacy"),
    path("settings/privacy/rules/", settings.rules, name="privacy-rules"),
    path("settings/privacy/grants/", settings.grants, name="privacy-grants"),
    path("sensitive/find/", sensitive.find, name="sensitive-find"),
    path("sensitive/export/", sensitive.exported, name="sensitive-export"),
    path("sensitive/<slug:people>/<int:pk>/<slug:kind>/", sensitive.look, name="sensitive-look"),
    path("sensitive/<slug:people>/<int:pk>/<slug:kind>/write/", sensitive.write, name="sensitive-write"),
    path("consents/of/<slug:people>/<int:pk>/", consents.record, name="consent-record"),
    path("consents/<int:pk>/withdraw/", consents.withdraw, name="consent-withdraw"),
    path("privacy-requests/<int:pk>/file/", requests.data_file, name="privacy-request-file"),
    path("privacy-requests/<int:pk>/erase/", requests.erase, name="privacy-request-erase"),
    path("retention-rules/<int:pk>/due/", settings.retention_due, name="retention-due"),
]

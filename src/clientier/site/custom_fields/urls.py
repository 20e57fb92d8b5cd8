from __future__ import annotations

from django.urls import path

from clientier.site.custom_fields import layouts, pages, transfer

urlpatterns = [
    path("fields/", pages.index, name="custom-fields"),
    path("fields/export/", transfer.export, name="custom-fields-export"),
    path("fields/import/", transfer.bring_in, name="custom-fields-import"),
    path("fields/<int:pk>/", pages.edit, name="custom-field"),
    path("fields/<int:pk>/retire/", pages.retire, name="custom-field-retire"),
    path("fields/<int:pk>/convert/", pages.convert, name="custom-field-convert"),
    path("fields/<slug:slug>/", pages.index, name="custom-fields-of"),
    path("fields/<slug:slug>/new/", pages.new, name="custom-field-new"),
    path("layouts/<slug:slug>/", layouts.edit, name="layout"),
]

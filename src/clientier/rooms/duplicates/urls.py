from __future__ import annotations

from django.urls import path

from clientier.rooms.duplicates import jobs, web

urlpatterns = [
    path("customers/alike/", web.alike_customers, name="customers-alike"),
    path("contacts/alike/", web.alike_contacts, name="contacts-alike"),
    path("customers/merge/", web.merge, name="customers-merge"),
    path("duplicates/search/", web.search_now, {"task": jobs.search}, name="duplicates-search"),
    path("duplicates/<int:pk>/keep-apart/", web.keep_apart, name="duplicates-keep-apart"),
    path("merges/<int:pk>/undo/", web.undo_merge, name="merges-undo"),
]

from __future__ import annotations

from django.urls import path

from clientier.rooms.duplicates import jobs, web
from clientier.rooms.duplicates.queries.kinds import CONTACTS, KINDS, PAIRED, PERSONS

urlpatterns = [
    path("customers/alike/", web.alike_customers, name="customers-alike"),
    path("contacts/alike/", web.alike_contacts, name="contacts-alike"),
    path("duplicates/search/", web.search_now, {"task": jobs.search}, name="duplicates-search"),
]
for paired in PAIRED:
    here, name = f"{paired.pair_slug}/<int:pk>", f"{paired.pair_slug}-keep-apart"
    urlpatterns.append(path(f"{here}/keep-apart/", web.keep_apart, {"kind": paired}, name=name))
for paired in (CONTACTS, PERSONS):
    here, name = f"{paired.pair_slug}/<int:pk>", f"{paired.pair_slug}-same-person"
    urlpatterns.append(path(f"{here}/same-person/", web.same_person, {"kind": paired}, name=name))
for kind in KINDS:
    about, done = {"kind": kind}, kind.merge_slug
    urlpatterns += [
        path(f"{kind.slug}/merge/", web.merge, about, name=f"{kind.slug}-merge"),
        path(f"{done}/<int:pk>/undo/", web.undo_merge, about, name=f"{done}-undo"),
    ]

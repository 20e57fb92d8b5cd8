from __future__ import annotations

from django.urls import path

from clientier.rooms.duplicates import jobs, web
from clientier.rooms.duplicates.queries.kinds import KINDS

urlpatterns = [
    path("customers/alike/", web.alike_customers, name="customers-alike"),
    path("contacts/alike/", web.alike_contacts, name="contacts-alike"),
    path("duplicates/search/", web.search_now, {"task": jobs.search}, name="duplicates-search"),
    path("contact-duplicates/<int:pk>/same-person/", web.same_person, name="contact-duplicates-same-person"),
]
for kind in KINDS:
    about = {"kind": kind}
    pair, done = kind.pair_slug, kind.merge_slug
    urlpatterns += [
        path(f"{kind.slug}/merge/", web.merge, about, name=f"{kind.slug}-merge"),
        path(f"{pair}/<int:pk>/keep-apart/", web.keep_apart, about, name=f"{pair}-keep-apart"),
        path(f"{done}/<int:pk>/undo/", web.undo_merge, about, name=f"{done}-undo"),
    ]

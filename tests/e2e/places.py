"""Every page a person can stand on, as the person who may see them all."""

from __future__ import annotations

import re

from tests.e2e.visitor import Visitor

LOOKED_AT_BY = "admin"
FIXED = {
    "settings-company": "/settings/company/",
    "settings-rules": "/settings/rules/",
    "settings-sample-data": "/settings/sample-data/",
    "privacy": "/settings/privacy/",
    "privacy-rules": "/settings/privacy/rules/",
    "privacy-grants": "/settings/privacy/grants/",
    "consents": "/consents/",
    "new-consent": "/consents/new/",
    "sensitive-looks": "/sensitive-looks/",
    "privacy-requests": "/privacy-requests/",
    "new-privacy-request": "/privacy-requests/new/",
    "retention-rules": "/retention-rules/",
    "account": "/account/",
    "account-password": "/account/password/",
    "account-sessions": "/account/sessions/",
    "second-factor": "/account/second-factor/",
    "second-factor-app": "/account/second-factor/app/",
    "second-factor-passkey": "/account/second-factor/passkeys/add/",
    "roles": "/roles/",
    "users": "/users/",
    "teams": "/teams/",
    "territories": "/territories/",
    "new-customer": "/customers/new/",
    "new-task": "/tasks/new/",
    "new-order": "/orders/new/",
    "new-invoice": "/invoices/new/",
    "new-payment": "/payments/new/",
    "postings": "/postings/",
    "stock-move": "/stock/move/",
    "stock-transfer": "/stock/transfer/",
    "shortages": "/stock/shortages/",
    "log-a-call": "/interactions/log/",
    "filtered": "/customers/?f=standing__tier:in:important,major&f=country:is:CN",
    "nothing-found": "/customers/?q=zzqqxx",
    "search": "/search/?q=an",
    "trash": "/trash/",
    "loans": "/loans/",
    "ask-for-a-card": "/loans/ask/",
    "shares": "/shares/",
    "settings-upkeep": "/settings/upkeep/",
    "reviews-report": "/reviews/report/",
    "new-hand-over": "/hand-overs/new/",
    "cards-taken-along": "/taken-cards/",
}


def places(visitor: Visitor) -> dict[str, str]:
    """The address of each page by a short name: the menu's, those fixed, and records as they are found."""
    page = visitor.goto("/")
    links = page.locator(".nav a.nav-link").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    found = {link.strip("/").replace("/", "-") or "today": link for link in links}
    found |= FIXED
    found["order"] = first(visitor, "/orders/?f=state:in:open")
    found["invoice"] = first(visitor, "/invoices/")
    found["payment"] = first(visitor, "/payments/")
    found["card"] = first(visitor, "/customers/?f=standing__tier:in:important")
    found["card-with-warning"] = first(visitor, "/customers/?f=standing__warning:in:silence,below_zero")
    found["history"] = f"{found['card'].split('?')[0]}history/"
    found["still-right"] = f"{found['card'].split('?')[0]}confirm/"
    found["edit-customer"] = f"{found['card'].split('?')[0]}edit/"
    for name in ("orders", "contacts", "products"):
        found[f"one-of-{name}"] = first(visitor, f"/{name}/")
    page.goto("/roles/")
    role = re.findall(r"/roles/(\d+)/", page.content())[-1]
    found["settings-role"] = f"/settings/roles/{role}/"
    found["settings-role-sees"] = f"/settings/roles/{role}/sees/"
    found["settings-role-fields"] = f"/settings/roles/{role}/fields/parties.customer/"
    found["settings-role-retire"] = f"/settings/roles/{role}/retire/"
    return found


def first(visitor: Visitor, path: str) -> str:
    """The address of the first record on a list."""
    page = visitor.goto(path)
    return str(page.locator("[data-row]").first.get_attribute("data-url"))

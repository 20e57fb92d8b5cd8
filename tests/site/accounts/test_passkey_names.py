from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator

from tests import factories as make

pytestmark = pytest.mark.django_db
PASSWORD = "four small brown owls"


def test_a_passkey_is_renamed_by_its_owner_and_by_nobody_else() -> None:
    ada, ben = make.some_user(), make.some_user()
    kept = Authenticator.objects.create(
        user=ada, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {}}
    )
    url = f"/account/second-factor/passkeys/{kept.pk}/name/"
    assert make.signed_in(ben).post(url, {"name": "Stolen"}).status_code == 404
    ada.set_password(PASSWORD)
    ada.save()
    browser = make.signed_in(ada)
    browser.post("/account/confirm/", {"password": PASSWORD})
    assert "Rename the passkey" in browser.get(url).content.decode()
    browser.post(url, {"name": "Phone"})
    kept.refresh_from_db()
    assert kept.data["name"] == "Phone"

"""Encrypted values: keys that are renewed, keys that are missing, values that were moved."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django.fixtures import Settings

from clientier.core import encryption
from clientier.rooms.parties.commands.key_renewal import keys_in_use, seal_anew
from clientier.rooms.parties.commands.sensitive import value_of
from clientier.rooms.parties.models import SensitiveFact
from clientier.site import home
from tests import factories as make

FIRST, SECOND = "A" * 43 + "=", "B" * 42 + "A="


@pytest.fixture(autouse=True)
def one_key(settings: Settings) -> None:
    settings.FIELD_KEYS = lambda: FIRST


def use(settings: Settings, *keys: str) -> None:
    settings.FIELD_KEYS = lambda: ",".join(keys)


def test_a_value_opens_for_what_it_is_about_and_for_nothing_else() -> None:
    sealed = encryption.seal("哮喘", "customer 1 health")
    assert encryption.open_sealed(sealed, "customer 1 health") == "哮喘"
    with pytest.raises(encryption.KeyIsMissing):
        encryption.open_sealed(sealed, "customer 2 health")
    assert encryption.seal("哮喘", "customer 1 health") != sealed


def test_older_keys_open_and_the_newest_seals(settings: Settings) -> None:
    old = encryption.seal("x", "a")
    use(settings, SECOND, FIRST)
    assert encryption.open_sealed(old, "a") == "x"
    assert (encryption.is_current(old), encryption.is_current(encryption.seal("x", "a"))) == (False, True)
    assert encryption.index_of("x") == encryption.indexes_of("x")[0]
    assert len(set(encryption.indexes_of("x"))) == 2


@pytest.mark.parametrize("wrong", ["", "short", "é", "QUJD", FIRST + ",QUJD"])
def test_wrong_keys_are_said_in_words(settings: Settings, wrong: str) -> None:
    use(settings, wrong)
    with pytest.raises(encryption.KeysAreWrong) as refused:
        encryption.seal("x", "a")
    assert "QUJD" not in str(refused.value)


@pytest.mark.django_db
def test_renewal_goes_on_where_it_was_cut_short(settings: Settings) -> None:
    numbers = ["110105194912310021", "A2", "A3"]
    facts = [make.some_fact(kind="identity_number", value=number) for number in numbers]
    use(settings, SECOND, FIRST)
    assert seal_anew(at_most=1) == 1
    assert seal_anew() == 2
    assert seal_anew() == 0
    use(settings, SECOND)
    for fact, number in zip(facts, numbers, strict=True):
        fact.refresh_from_db()
        assert value_of(fact) == number
        assert bytes(fact.index or b"") == encryption.index_of(number)


@pytest.mark.django_db
def test_a_missing_key_is_said_and_loses_nothing(settings: Settings) -> None:
    fact = make.some_fact(value="asthma")
    use(settings, SECOND)
    with pytest.raises(encryption.KeyIsMissing):
        value_of(fact)
    said = io.StringIO()
    with pytest.raises(CommandError, match="1 values cannot be read"):
        call_command("keys", "rotate", stdout=said)
    assert "0 values encrypted anew" in said.getvalue()
    assert sum(keys_in_use().values()) == 1
    use(settings, FIRST)
    assert value_of(SensitiveFact.objects.get()) == "asthma"


@pytest.mark.django_db
def test_a_new_key_is_made_in_the_data_folder_and_everything_is_encrypted_with_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLIENTIER_HOME", str(tmp_path))
    monkeypatch.delenv("CLIENTIER_FIELD_KEYS", raising=False)
    settings.FIELD_KEYS = home.field_keys
    fact = make.some_fact(value="asthma")
    file = tmp_path / "field.keys"
    before = file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    said = io.StringIO()
    call_command("keys", "rotate", new=True, stdout=said)
    assert file.read_text().splitlines()[1] == before.strip()
    assert file.stat().st_mode & 0o777 == 0o600
    assert said.getvalue().splitlines()[0] == "1 values encrypted anew."
    assert before.strip() not in said.getvalue()
    fact.refresh_from_db()
    assert encryption.is_current(bytes(fact.sealed or b""))


@pytest.mark.django_db
def test_keys_of_the_environment_are_renewed_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENTIER_FIELD_KEYS", f"{SECOND}, {FIRST}")
    assert home.field_keys() == f"{SECOND},{FIRST}"
    with pytest.raises(CommandError, match="CLIENTIER_FIELD_KEYS"):
        call_command("keys", "rotate", new=True)

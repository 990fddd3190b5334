import pytest

from bot.errors import SealedError, SetupError
from bot.services.accounts.vault import Vault, new_key

OLD, NEW = new_key(), new_key()


def test_what_was_sealed_is_opened_again_and_cannot_be_read_meanwhile() -> None:
    vault = Vault([NEW])

    secret = vault.seal("hush")

    assert b"hush" not in secret
    assert vault.open(secret) == "hush"


def test_a_new_key_in_front_still_opens_what_is_under_the_old_one() -> None:
    secret = Vault([OLD]).seal("hush")
    rotated = Vault([NEW, OLD])

    assert rotated.open(secret) == "hush"
    assert not rotated.is_newest(secret)
    assert rotated.is_newest(rotated.seal("hush"))


@pytest.mark.parametrize("keys", [[], [NEW]], ids=["no key", "another key"])
def test_what_no_key_opens_is_said_so(keys: list[str]) -> None:
    secret = Vault([OLD]).seal("hush")

    with pytest.raises(SealedError, match="Put that key back"):
        Vault(keys).open(secret)


def test_a_changed_secret_is_not_opened() -> None:
    secret = bytearray(Vault([NEW]).seal("hush"))
    secret[20] ^= 1

    with pytest.raises(SealedError):
        Vault([NEW]).open(bytes(secret))


def test_without_a_key_nothing_is_kept() -> None:
    with pytest.raises(SetupError, match="bside secrets new-key"):
        Vault().seal("hush")


@pytest.mark.parametrize(
    "bad", ["short", NEW[:-2], NEW + NEW, "é" * 44], ids=["short", "cut", "two", "letters"]
)
def test_what_is_no_key_is_told_without_showing_it(bad: str) -> None:
    with pytest.raises(SetupError, match="key 2 is not a key") as caught:
        Vault([NEW, bad])

    assert bad not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_vault_shows_no_key() -> None:
    assert NEW not in repr(Vault([NEW]))

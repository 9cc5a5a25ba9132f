"""Key files: made encrypted, shown without the secret, never overwritten."""

from __future__ import annotations

from pathlib import Path

from relayer.entrypoints.devnet.accounts import account
from relayer.entrypoints.onchain.wallet import Account
from tests.entrypoints.support import lockkeeper


def test_a_new_key_opens_with_its_password_and_no_other(tmp_path: Path) -> None:
    key, password, wrong = tmp_path / "key.json", tmp_path / "password", tmp_path / "wrong"
    password.write_text("open sesame\n")
    wrong.write_text("sesame\n")

    made = lockkeeper("keys", "new", str(key), "--password-file", str(password), "--json")

    shown = lockkeeper("keys", "show", str(key), "--json")
    refused = lockkeeper("keys", "show", str(key), "--password-file", str(wrong))
    again = lockkeeper("keys", "new", str(key), "--password-file", str(password))
    assert key.stat().st_mode & 0o777 == 0o600
    assert made.json["address"].lower() == shown.json["address"]
    assert str(Account.from_file(key, password).address) == shown.json["address"]
    assert (refused.code, again.code) == (2, 2)
    assert "does not open" in refused.err
    assert "never overwritten" in again.err


def test_the_accounts_of_a_local_chain_are_those_that_anvil_funds() -> None:
    assert str(account(0).address) == "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"
    assert str(account(9).address) == "0xa0ee7a142d267c1f36714e4a8f75612f20a79720"

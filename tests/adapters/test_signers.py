"""Keys in memory, in the environment, in files and in keystores."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from light_clients.types import Address
from relayer.adapters.signers.environment import environment_signer
from relayer.adapters.signers.file import file_signer
from relayer.adapters.signers.keystore import keystore_signer
from relayer.adapters.signers.local import LocalSigner
from relayer.domain.errors import Misconfigured
from relayer.ports import Signer
from tests.port_suites.signer import SignerSuite

SECRET = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"  # anvil's first
ADDRESS = Address.from_hex("f39fd6e51aad88f6f4ce6ab8827279cfffb92266")
PASSWORD = "correct horse"


def a_keystore(folder: Path) -> tuple[Path, Path]:
    from eth_account import Account  # noqa: PLC0415 a second to import

    keystore, password = folder / "keystore.json", folder / "password"
    keystore.write_text(json.dumps(Account.encrypt(bytes.fromhex(SECRET), PASSWORD, kdf="pbkdf2", iterations=1000)))
    password.write_text(PASSWORD + "\n")
    password.chmod(0o600)
    return keystore, password


def a_key_file(folder: Path, text: str = f"0x{SECRET}\n", mode: int = 0o600) -> Path:
    path = folder / "relayer.key"
    path.write_text(text)
    path.chmod(mode)
    return path


class TestAKeyInTheEnvironment(SignerSuite):
    @pytest.fixture
    def signer(self) -> Signer:
        return environment_signer("KEY", "keys.main", {"KEY": SECRET})


class TestAKeyInAFile(SignerSuite):
    @pytest.fixture
    def signer(self, tmp_path: Path) -> Signer:
        return file_signer(a_key_file(tmp_path), "keys.main")


class TestAKeyInAKeystore(SignerSuite):
    @pytest.fixture
    async def signer(self, tmp_path: Path) -> Signer:
        return await keystore_signer(*a_keystore(tmp_path), "keys.main")


async def test_a_key_is_the_same_wherever_it_is_kept(tmp_path: Path) -> None:
    kept = [
        environment_signer("KEY", "keys.main", {"KEY": SECRET}),
        file_signer(a_key_file(tmp_path), "keys.main"),
        await keystore_signer(*a_keystore(tmp_path), "keys.main"),
    ]

    assert {signer.address for signer in kept} == {ADDRESS}


def test_a_signer_does_not_show_its_key() -> None:
    signer = LocalSigner(bytes.fromhex(SECRET))

    assert SECRET[:8] not in repr(signer) + str(signer) + f"{signer}"
    assert not hasattr(signer, "__dict__")
    with pytest.raises(TypeError):
        pickle.dumps(signer)


@pytest.mark.parametrize(
    "text",
    ["", "0x12", SECRET + "00", "zz" * 32, "00" * 32, "ff" * 32],
    ids=["none", "short", "long", "no hex", "zero", "over"],
)
def test_what_is_no_key_is_refused_without_being_echoed(tmp_path: Path, text: str) -> None:
    path = a_key_file(tmp_path, text)

    with pytest.raises(Misconfigured) as refusal:
        file_signer(path, "keys.main")

    assert refusal.value.key == "keys.main.path"
    assert not text or text not in str(refusal.value)


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = a_key_file(tmp_path, mode=0o640)

    with pytest.raises(Misconfigured, match=f"chmod 600 {path}"):
        file_signer(path, "keys.main")


def test_a_key_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"keys\.main\.path: there is no file"):
        file_signer(tmp_path / "absent", "keys.main")
    with pytest.raises(Misconfigured, match=r"keys\.main\.variable: KEY is not set"):
        environment_signer("KEY", "keys.main", {})


async def test_a_wrong_password_is_named(tmp_path: Path) -> None:
    keystore, password = a_keystore(tmp_path)
    password.write_text("wrong")

    with pytest.raises(Misconfigured, match="the password does not open"):
        await keystore_signer(keystore, password, "keys.main")


async def test_what_is_no_keystore_is_named(tmp_path: Path) -> None:
    keystore, password = a_keystore(tmp_path)
    keystore.write_text("{}")

    with pytest.raises(Misconfigured, match="no V3 keystore"):
        await keystore_signer(keystore, password, "keys.main")

"""A key in an encrypted keystore (Web3 Secret Storage V3)."""

from __future__ import annotations

import asyncio
from pathlib import Path

from relayer.adapters.signers.file import read_private, read_text
from relayer.adapters.signers.local import LocalSigner
from relayer.domain.errors import Misconfigured


async def keystore_signer(path: Path, password_file: Path, key: str) -> LocalSigner:
    """The signer whose key the keystore holds; `key` is the configuration key to blame."""
    password = read_private(password_file, f"{key}.password_file").rstrip("\r\n")
    keystore = read_text(path, f"{key}.path")
    # Half a second of deliberate work: not on the event loop.
    return LocalSigner(await asyncio.to_thread(_decrypt, keystore, password, path, key))


def _decrypt(keystore: str, password: str, path: Path, key: str) -> bytes:
    from eth_account import Account  # noqa: PLC0415 a second to import, for this one kind of key

    try:
        return bytes(Account.decrypt(keystore, password))
    except ValueError as error:
        wrong = "the password does not open" if "MAC" in str(error) else "there is no V3 keystore in"
        raise Misconfigured(f"{key}.path", f"{wrong} {path}", "check the file and its password file") from None
    except (KeyError, TypeError, NotImplementedError):
        raise Misconfigured(f"{key}.path", f"there is no V3 keystore in {path}", "make one anew") from None

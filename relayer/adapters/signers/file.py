"""A key in a file that only its owner may read."""

from __future__ import annotations

import stat
from pathlib import Path

from relayer.adapters.signers.local import LocalSigner, signer_of_hex
from relayer.domain.errors import Misconfigured

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def file_signer(path: Path, key: str) -> LocalSigner:
    """The signer whose key, in hex, is the file's content; `key` is the configuration key to blame."""
    return signer_of_hex(read_private(path, f"{key}.path"), f"{key}.path", f"the file {path}")


def read_private(path: Path, key: str) -> str:
    """The text of a file that nobody else can read."""
    text = read_text(path, key)
    if path.stat().st_mode & _OTHERS:
        raise Misconfigured(key, f"others may read {path}", f"chmod 600 {path}")
    return text


def read_text(path: Path, key: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Misconfigured(key, f"there is no file {path}", "make one with `lockkeeper keys new`") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(key, f"{path} cannot be read: {error}", "check the path and its owner") from error

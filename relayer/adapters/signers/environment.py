"""A key in an environment variable."""

from __future__ import annotations

from collections.abc import Mapping

from relayer.adapters.signers.local import LocalSigner, signer_of_hex
from relayer.domain.errors import Misconfigured


def environment_signer(variable: str, key: str, environment: Mapping[str, str]) -> LocalSigner:
    """The signer whose key, in hex, is the variable's value; `key` is the configuration key to blame."""
    text = environment.get(variable)
    if text is None:
        raise Misconfigured(f"{key}.variable", f"{variable} is not set", f"export {variable} before you start")
    return signer_of_hex(text, f"{key}.variable", f"the environment variable {variable}")

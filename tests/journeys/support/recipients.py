"""Contracts that receive, small enough to be written by hand."""

from __future__ import annotations

import secrets

from light_clients.crypto.keccak import keccak256
from relayer.entrypoints.deployment.plan import Creation

# Called without data, it changes its mind and is willing from then on. Called with data, it reverts until then, and
# answers with the selector it was called by, as ERC-721 receivers and ERC-7786 recipients do.
#
#   36 15 60 1c 57          no calldata: jump to 1c
#   5f 54 60 0d 57          slot 0 is set: jump to 0d
#   5f 5f fd                revert
#   5b 5f 35 60 e0 1c 60 e0 1b 5f 52 60 20 5f f3       0d: return the selector, padded
#   5b 60 01 5f 55 00       1c: slot 0 := 1
_MOODY = bytes.fromhex("3615601c575f54600d575f5ffd5b5f3560e01c60e01b5f5260205ff35b60015f5500")


def a_moody_recipient() -> Creation:
    """Refuses whatever it is sent until somebody calls it without data."""
    copy = b"\x60" + bytes([len(_MOODY)]) + bytes.fromhex("8060095f395ff3")
    return Creation("MoodyRecipient", keccak256(secrets.token_bytes(8)), copy + _MOODY)

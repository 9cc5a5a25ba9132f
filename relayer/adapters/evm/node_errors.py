"""What nodes mean by their errors: one table from the wordings of geth, Besu, Nethermind, Erigon and anvil."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from relayer.adapters.evm.contract_errors import error_name
from relayer.adapters.evm.faults import EndpointFault, NodeError, RangeTooWide
from relayer.domain.errors import InsufficientFunds, NonceTooLow, RelayerError, Reverted, Underpriced


class Meaning(Enum):
    """What the node means."""

    ALREADY_KNOWN = auto()
    NONCE_TOO_LOW = auto()
    UNDERPRICED = auto()
    INSUFFICIENT_FUNDS = auto()
    REVERTED = auto()
    RANGE_TOO_WIDE = auto()
    BUSY = auto()
    OTHER = auto()


REVERT_CODES = frozenset({3, -32015})
"""geth, Erigon, anvil · Nethermind."""

WORDINGS: tuple[tuple[Meaning, tuple[str, ...]], ...] = (
    (
        Meaning.ALREADY_KNOWN,
        ("already known", "alreadyknown", "known transaction", "already imported", "already_exists", "same hash"),
    ),
    (Meaning.NONCE_TOO_LOW, ("nonce too low", "oldnonce", "old nonce", "nonce is too low", "nonce_too_low")),
    (
        Meaning.UNDERPRICED,
        (
            "underpriced",
            "replacementnotallowed",
            "replacement not allowed",
            "feetoolow",
            "fee too low",
            "below configured minimum gas price",
            "gas price below",
            "less than block base fee",
            "less than current base fee",
            "below the current base fee",
            "below minimum",
            "max fee per gas less than",
            "gas_price_too_low",
        ),
    ),
    (
        Meaning.INSUFFICIENT_FUNDS,
        ("insufficient funds", "insufficientfunds", "upfront cost exceeds", "insufficient balance",
         "insufficient maxfeepergas for sender balance"),
    ),
    (
        Meaning.REVERTED,
        ("revert", "vm execution error", "out of gas", "outofgas", "gas required exceeds", "intrinsic gas too low",
         "invalid opcode", "always failing transaction", "transaction execution fails", "evm error", "stack underflow",
         "stack limit reached", "stackunderflow", "stackoverflow", "invalid jump", "invalidjump", "bad instruction",
         "badinstruction", "invalidcode", "write protection", "staticcallviolation", "accessviolation",
         "return data out of bounds", "gas uint64 overflow"),
    ),
    (Meaning.BUSY, ("rate limit", "too many requests", "request limit", "capacity", "throttl", "try again")),
    (
        Meaning.RANGE_TOO_WIDE,
        ("query returned more than", "block range", "range is too", "range too", "ranges over", "response size",
         "too many results", "more than 10000 results", "query timeout", "exceeds max results", "limit exceeded",
         "is limited to", "too many blocks", "exceed maximum block"),
    ),
)  # fmt: skip


KINDS: Mapping[Meaning, type[RelayerError | EndpointFault]] = {
    Meaning.NONCE_TOO_LOW: NonceTooLow,
    Meaning.UNDERPRICED: Underpriced,
    Meaning.INSUFFICIENT_FUNDS: InsufficientFunds,
    Meaning.RANGE_TOO_WIDE: RangeTooWide,
}


def meaning(error: NodeError) -> Meaning:
    """The first row whose words occur, in the message or in Nethermind's and Parity's data."""
    words = error.message.lower()
    if error.code in REVERT_CODES:
        return Meaning.REVERTED
    for sense, fragments in WORDINGS:
        if any(fragment in words for fragment in fragments):
            return sense
    return Meaning.OTHER


def translate(error: NodeError) -> RelayerError | EndpointFault:
    """The error as the rest of the relayer knows it."""
    sense = meaning(error)
    if sense is Meaning.REVERTED:
        data = revert_data(error.data)
        return Reverted(error_name(data) or error.message, data)
    if sense is Meaning.BUSY:
        return EndpointFault(str(error), pause=1.0)
    return KINDS.get(sense, EndpointFault)(str(error))


def revert_data(data: object) -> bytes:
    """Revert data wherever a node puts it: a string, `Reverted 0x…`, or inside an object."""
    if isinstance(data, Mapping):
        return next((found for value in data.values() if (found := revert_data(value))), b"")
    if not isinstance(data, str):
        return b""
    text = data.removeprefix("Reverted ").strip()
    if not text.startswith("0x"):
        return b""
    try:
        return bytes.fromhex(text[2:])
    except ValueError:
        return b""

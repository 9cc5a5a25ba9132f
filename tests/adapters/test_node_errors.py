"""What geth, Besu, Nethermind, Erigon and anvil say, and what they mean."""

from __future__ import annotations

import pytest

from relayer.adapters.evm.faults import EndpointFault, NodeError, RangeTooWide
from relayer.adapters.evm.node_errors import Meaning, meaning, revert_data, translate
from relayer.domain.errors import InsufficientFunds, NonceTooLow, Reverted, Underpriced

SAID = [
    ("geth", -32000, "nonce too low: next nonce 5, tx nonce 3", Meaning.NONCE_TOO_LOW),
    ("Besu", -32001, "Nonce too low", Meaning.NONCE_TOO_LOW),
    ("Nethermind", -32010, "OldNonce, Current nonce: 5, nonce of rejected tx: 3", Meaning.NONCE_TOO_LOW),
    ("Erigon", -32000, "nonce too low", Meaning.NONCE_TOO_LOW),
    ("anvil", -32003, "nonce too low", Meaning.NONCE_TOO_LOW),
    ("geth", -32000, "already known", Meaning.ALREADY_KNOWN),
    ("Besu", -32000, "Known transaction", Meaning.ALREADY_KNOWN),
    ("Nethermind", -32010, "AlreadyKnown", Meaning.ALREADY_KNOWN),
    ("Erigon", -32000, "existing tx with same hash", Meaning.ALREADY_KNOWN),
    ("anvil", -32003, "transaction already imported", Meaning.ALREADY_KNOWN),
    ("geth", -32000, "replacement transaction underpriced", Meaning.UNDERPRICED),
    ("geth", -32000, "transaction underpriced: tip needed 1000000, tip permitted 1", Meaning.UNDERPRICED),
    ("geth", -32000, "max fee per gas less than block base fee: address 0x1, maxFeePerGas: 1", Meaning.UNDERPRICED),
    ("Besu", -32000, "Replacement transaction underpriced", Meaning.UNDERPRICED),
    ("Besu", -32009, "Gas price below configured minimum gas price", Meaning.UNDERPRICED),
    ("Nethermind", -32010, "ReplacementNotAllowed", Meaning.UNDERPRICED),
    ("Nethermind", -32010, "FeeTooLowToCompete", Meaning.UNDERPRICED),
    ("Erigon", -32000, "fee too low", Meaning.UNDERPRICED),
    ("anvil", -32003, "replacement transaction underpriced", Meaning.UNDERPRICED),
    ("anvil", -32003, "max fee per gas less than block base fee", Meaning.UNDERPRICED),
    ("geth", -32000, "insufficient funds for gas * price + value: balance 0", Meaning.INSUFFICIENT_FUNDS),
    ("Besu", -32004, "Upfront cost exceeds account balance", Meaning.INSUFFICIENT_FUNDS),
    ("Nethermind", -32010, "InsufficientFunds, Account balance: 0", Meaning.INSUFFICIENT_FUNDS),
    ("Erigon", -32000, "insufficient funds for gas * price + value", Meaning.INSUFFICIENT_FUNDS),
    ("anvil", -32003, "Insufficient funds for gas * price + value", Meaning.INSUFFICIENT_FUNDS),
    ("geth", 3, "execution reverted", Meaning.REVERTED),
    ("geth", -32000, "gas required exceeds allowance (30000000)", Meaning.REVERTED),
    ("Besu", -32000, "Execution reverted", Meaning.REVERTED),
    ("Nethermind", -32015, "VM execution error.", Meaning.REVERTED),
    ("Erigon", 3, "execution reverted", Meaning.REVERTED),
    ("anvil", 3, "execution reverted: custom error 0x12345678", Meaning.REVERTED),
    ("geth", -32000, "invalid opcode: INVALID", Meaning.REVERTED),
    ("geth", -32000, "invalid jump destination", Meaning.REVERTED),
    ("geth", -32000, "stack underflow (0 <=> 2)", Meaning.REVERTED),
    ("geth", -32000, "write protection", Meaning.REVERTED),
    ("Nethermind", -32015, "BadInstruction", Meaning.REVERTED),
    ("anvil", -32603, "EVM error InvalidFEOpcode", Meaning.REVERTED),
    ("anvil", -32603, "EVM error MemoryOOG", Meaning.REVERTED),
    ("Infura", -32005, "query returned more than 10000 results", Meaning.RANGE_TOO_WIDE),
    ("Alchemy", -32602, "Log response size exceeded. this block range should work: [0x0, 0x1]", Meaning.RANGE_TOO_WIDE),
    ("Ankr", -32600, "block range is too wide", Meaning.RANGE_TOO_WIDE),
    ("QuickNode", -32614, "eth_getLogs is limited to a 10,000 range", Meaning.RANGE_TOO_WIDE),
    ("Infura", -32005, "daily request count exceeded, request rate limited", Meaning.BUSY),
    ("proxies", 429, "Too Many Requests", Meaning.BUSY),
    ("geth", -32000, "header not found", Meaning.OTHER),
    ("geth", -32000, "missing trie node abc (path )", Meaning.OTHER),
    ("any", -32601, "the method eth_foo does not exist", Meaning.OTHER),
    ("any", -32603, "Internal error", Meaning.OTHER),
]


@pytest.mark.parametrize(("node", "code", "message", "expected"), SAID)
def test_each_wording_is_understood(node: str, code: int, message: str, expected: Meaning) -> None:
    assert meaning(NodeError(code, message)) is expected


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("nonce too low", NonceTooLow),
        ("replacement transaction underpriced", Underpriced),
        ("insufficient funds", InsufficientFunds),
        ("execution reverted", Reverted),
        ("block range is too wide", RangeTooWide),
        ("header not found", EndpointFault),
    ],
)
def test_each_meaning_has_its_error(message: str, kind: type[Exception]) -> None:
    assert type(translate(NodeError(-32000, message))) is kind


@pytest.mark.parametrize(
    "data", ["0x9e87fac8", "Reverted 0x9e87fac8", {"0xabc": {"error": "revert", "return": "0x9e87fac8"}}]
)
def test_revert_data_is_found_wherever_a_node_puts_it(data: object) -> None:
    assert revert_data(data) == bytes.fromhex("9e87fac8")


def test_a_revert_says_the_name_of_the_contracts_error() -> None:
    refusal = translate(NodeError(3, "execution reverted", "0x7e3ab8ad"))
    named = translate(NodeError(3, "execution reverted: custom error", "0x" + _selector("DeliveryEmpty()")))

    assert isinstance(refusal, Reverted)
    assert refusal.error == "unknown error 0x7e3ab8ad"
    assert isinstance(named, Reverted)
    assert named.error == "DeliveryEmpty()"


def _selector(signature: str) -> str:
    from light_clients.crypto.keccak import keccak256  # noqa: PLC0415

    return keccak256(signature.encode())[:4].hex()

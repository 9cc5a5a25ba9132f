"""The calls that send something to another chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address, ChainId
from relayer.entrypoints.onchain.artifacts import artifact

APPROVE_ALL = True


def send_erc20(token: Address, destination: ChainId, recipient: Address, amount: int) -> bytes:
    return artifact("AssetGateway").call("sendERC20", str(token), destination, str(recipient), amount)


def send_erc721(token: Address, destination: ChainId, recipient: Address, ids: Sequence[int]) -> bytes:
    return artifact("AssetGateway").call("sendERC721", str(token), list(ids), destination, str(recipient))


def send_erc1155(
    token: Address, destination: ChainId, recipient: Address, ids: Sequence[int], amounts: Sequence[int]
) -> bytes:
    return artifact("AssetGateway").call(
        "sendERC1155", str(token), list(ids), list(amounts), destination, str(recipient)
    )


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a message asks for beside recipient and payload."""

    gas_limit: int | None = None
    deadline: int | None = None
    """Unix seconds."""
    bounce: bool = False

    def encoded(self) -> list[bytes]:
        gateway, asked = artifact("Gateway"), []
        if self.gas_limit is not None:
            asked.append(gateway.attribute("gasLimit(uint256)", self.gas_limit))
        if self.deadline is not None:
            asked.append(gateway.attribute("deadline(uint256)", self.deadline))
        if self.bounce:
            asked.append(keccak256(b"bounce()")[:4])
        return asked


NOTHING_MORE = Attributes()


def send_message(
    destination: ChainId, recipient: Address, payload: bytes, attributes: Attributes = NOTHING_MORE
) -> bytes:
    return artifact("Gateway").call("sendMessage", interoperable(destination, recipient), payload, attributes.encoded())


def approve_erc20(spender: Address, amount: int) -> bytes:
    return artifact("SampleERC20").call("approve", str(spender), amount)


def approve_collection(spender: Address) -> bytes:
    return artifact("SampleERC721").call("setApprovalForAll", str(spender), APPROVE_ALL)


def interoperable(chain: ChainId, account: Address) -> bytes:
    """The ERC-7930 address of an account on an EVM chain: version 1, type 0, chain reference, address."""
    reference = chain.to_bytes((chain.bit_length() + 7) // 8, "big")
    return b"\0\1\0\0" + bytes([len(reference)]) + reference + bytes([20]) + account

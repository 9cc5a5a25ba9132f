"""What collections say of themselves when they are asked. They are anybody's code: no answer is just nothing known."""

from __future__ import annotations

import unicodedata

from light_clients.crypto.keccak import keccak256
from light_clients.types import Address
from relayer.adapters.evm.abi import Malformed, number, word
from relayer.adapters.evm.market.majority import agreed
from relayer.adapters.evm.pool import Pool
from relayer.adapters.evm.rpc import Request
from relayer.adapters.evm.wire import octets
from relayer.domain.errors import Rejected

NAME = keccak256(b"name()")[:4]
SYMBOL = keccak256(b"symbol()")[:4]
DECIMALS = keccak256(b"decimals()")[:4]
TOKEN_URI = keccak256(b"tokenURI(uint256)")[:4]
URI = keccak256(b"uri(uint256)")[:4]

GAS = 1_000_000
"""Bounds what an answer may cost, and with it how long it can be."""
LONGEST_NAME, LONGEST_SYMBOL, LONGEST_URI = 64, 32, 1 << 16
_WORD = 32


class EvmTokens:
    """The `TokenWords` port."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def name(self, token: Address) -> str:
        return _shown(await self._text(token, NAME, LONGEST_NAME))

    async def symbol(self, token: Address) -> str:
        return _shown(await self._text(token, SYMBOL, LONGEST_SYMBOL))

    async def decimals(self, token: Address) -> int:
        """As ERC-20 has it: eight bits."""
        try:
            return number(await self._answer(token, DECIMALS), 0, 8)
        except Malformed:
            return 0

    async def uri(self, token: Address, identifier: int) -> str:
        """Of an ERC-721 or an ERC-1155, whose `{id}` is filled in."""
        found = await self._text(token, TOKEN_URI + word(identifier), LONGEST_URI)
        if not found:
            found = await self._text(token, URI + word(identifier), LONGEST_URI)
            found = found.replace("{id}", f"{identifier:064x}")
        return found.strip()

    async def _text(self, token: Address, call: bytes, longest: int) -> str:
        return text(await self._answer(token, call), longest)

    async def _answer(self, token: Address, call: bytes) -> bytes:
        """Nothing, where it refuses. Of one block, so that even a fickle token says the same to every endpoint."""
        head = self._pool.head()
        at = "latest" if head is None else hex(head.number)
        params = ({"to": str(token), "data": "0x" + call.hex(), "gas": hex(GAS)}, at)
        try:
            return await agreed(self._pool, [Request("eth_call", params)], lambda answers: octets(answers[0]))
        except Rejected:
            return b""


def text(answer: bytes, longest: int) -> str:
    """A string, or a word of text as old tokens answer; empty for anything else."""
    if len(answer) == _WORD:
        return answer.rstrip(b"\0").decode("utf-8", "replace")[:longest]
    try:
        offset = number(answer, 0, 32)
        length = number(answer[offset:], 0, 32)
    except Malformed:
        return ""
    body = answer[offset + _WORD : offset + _WORD + length]
    return body.decode("utf-8", "replace")[:longest] if len(body) == length else ""


def _shown(name: str) -> str:
    """Without what could disguise a name: control and formatting characters."""
    return "".join(each for each in name if unicodedata.category(each)[0] != "C").strip()

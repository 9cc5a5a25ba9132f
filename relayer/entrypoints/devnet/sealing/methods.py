"""The methods of the node itself: votes, validators, mining, and misbehaviour on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from light_clients.types import Address
from relayer.domain.errors import Transient
from relayer.entrypoints.devnet.sealing.consensus import Kind
from relayer.entrypoints.devnet.sealing.equivocation import Equivocator
from relayer.entrypoints.devnet.sealing.journal import Journal
from relayer.entrypoints.devnet.sealing.node import Node
from relayer.entrypoints.devnet.sealing.peers import Peers
from relayer.entrypoints.devnet.sealing.server import Method
from relayer.entrypoints.devnet.sealing.translation import HEADS, INVALID_PARAMS, Wrong

MINING = ("evm_mine", "evm_mine_detailed", "anvil_mine", "anvil_mine_detailed", "hardhat_mine")


class Methods:
    """Named as Besu and geth name theirs."""

    def __init__(self, kind: Kind, journal: Journal, node: Node, peers: Peers, equivocator: Equivocator) -> None:
        self._kind = kind
        self._journal = journal
        self._node = node
        self._peers = peers
        self._equivocator = equivocator

    def by_name(self) -> Mapping[str, Method]:
        return {
            "qbft_proposeValidatorVote": self._vote,
            "ibft_proposeValidatorVote": self._vote,
            "clique_propose": self._vote,
            "qbft_getValidatorsByBlockNumber": self._validators,
            "ibft_getValidatorsByBlockNumber": self._validators,
            "clique_getSigners": self._signers,
            "lockkeeper_equivocate": self._equivocate,
            "evm_setIntervalMining": self._set_interval,
            "anvil_setIntervalMining": self._set_interval,
            "anvil_getIntervalMining": self._interval,
            **{name: self._mining(name) for name in MINING},
        }

    async def _vote(self, params: Sequence[Any]) -> bool:
        """Every validator that can be reached wishes for it until it is so."""
        match params:
            case [str(account), bool(add)]:
                if await self._peers.vote(_address(account), add=add) == 0:
                    raise Transient("no validator answers")
                return True
            case _:
                raise Wrong(INVALID_PARAMS, "an address and whether to add it")

    async def _validators(self, params: Sequence[Any]) -> list[str]:
        """Who may seal that very block."""
        number = self._number(params)
        return [str(each) for each in self._kind.resume(self._journal.state_at(max(0, number - 1))).validators]

    async def _signers(self, params: Sequence[Any]) -> list[str]:
        """Who may seal the block after that one."""
        return [str(each) for each in self._kind.resume(self._journal.state_at(self._number(params))).validators]

    async def _equivocate(self, params: Sequence[Any]) -> list[str]:
        number = self._number(params)
        if number == 0:
            raise Wrong(INVALID_PARAMS, "nobody seals the genesis block")
        return await self._equivocator.equivocate(number, params[1] if len(params) > 1 else {})

    async def _set_interval(self, params: Sequence[Any]) -> None:
        self._node.set_interval(float(params[0]) if params else 0.0)

    async def _interval(self, _params: Sequence[Any]) -> float:
        seconds = self._node.block_seconds
        return int(seconds) if seconds.is_integer() else seconds

    def _mining(self, name: str) -> Method:
        async def mine(params: Sequence[Any]) -> Any:
            return await self._node.mine(name, params)

        return mine

    def _number(self, params: Sequence[Any]) -> int:
        """Of a sealed block."""
        tag = params[0] if params else "latest"
        try:
            number = self._journal.head if tag in HEADS else tag if isinstance(tag, int) else int(tag, 16)
        except (TypeError, ValueError):
            raise Wrong(INVALID_PARAMS, f"{tag!r} is no block") from None
        if not 0 <= number <= self._journal.head:
            raise Wrong(INVALID_PARAMS, f"block {number} is not sealed")
        return number


def _address(text: str) -> Address:
    try:
        return Address.from_hex(text)
    except ValueError:
        raise Wrong(INVALID_PARAMS, f"{text!r} is no address") from None

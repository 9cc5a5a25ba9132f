"""A validator: one key, a memory, and the rules; it seals what they allow, over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import orjson
from aiohttp import web

from light_clients.errors import LightClientError
from light_clients.evm.header import Header, decode_header
from light_clients.types import Address, Hash32
from relayer.adapters.signers.local import LocalSigner
from relayer.entrypoints.devnet.sealing.consensus import Consensus, Kind, RefusedToSeal
from relayer.entrypoints.devnet.sealing.memory import Memory

CONFLICT = 409
LARGEST_REQUEST = 64 << 20


class Behind(Exception):
    """The validator has not seen the blocks before the parent."""

    def __init__(self, height: int) -> None:
        super().__init__(height)
        self.height = height


class Validator:
    """Follows the chain by the sealed headers it is shown, and seals the next one.

    A Byzantine one seals whatever it is asked to.
    """

    def __init__(self, signer: LocalSigner, kind: Kind, memory: Memory, *, byzantine: bool = False) -> None:
        self._signer = signer
        self._kind = kind
        self._memory = memory
        self._byzantine = byzantine
        self._consensus: Consensus | None = kind.resume(memory.consensus) if memory.consensus else None
        self._wishes: dict[Address, bool] = {}

    @property
    def address(self) -> Address:
        return self._signer.address

    @property
    def byzantine(self) -> bool:
        return self._byzantine

    @property
    def height(self) -> int:
        """Of the last sealed block it has seen; -1 before the genesis block."""
        return self._consensus.height if self._consensus else -1

    def vote(self, account: Address, *, add: bool) -> None:
        """Wish for the account to become a validator, or to be one no more."""
        self._wishes[account] = add

    def learn(self, headers: Sequence[Header]) -> None:
        """Follow sealed headers; the first that it is ever shown is its genesis block."""
        for header in headers:
            if header.number == self.height + 1:
                self._consensus = self._consensus.after(header) if self._consensus else self._kind.start(header)

    async def propose(self, parent: Header, template: Header, round_: int) -> tuple[Header, bytes]:
        """The next block as this validator would have it, and its seal."""
        consensus = self._at(parent)
        if consensus.turn(round_) != self.address:
            raise RefusedToSeal(f"it is {consensus.turn(round_)}'s turn")
        proposal = consensus.propose(template, self.address, self._wishes, round_)
        seal = await self._sign(consensus, proposal, consensus.slot(round_))
        return proposal, seal

    async def seal(self, parent: Header, proposal: Header) -> bytes:
        """A seal of what another proposes."""
        if self._byzantine:
            return await self._raw(self._kind.digest(proposal))
        consensus = self._at(parent)
        round_ = consensus.check(proposal)
        return await self._sign(consensus, proposal, consensus.slot(round_))

    def _at(self, parent: Header) -> Consensus:
        if parent.number > self.height + 1:
            raise Behind(self.height)
        self.learn([parent])
        assert self._consensus is not None
        if parent.number < self.height or self._kind.block_hash(parent) != self._consensus.hash:
            raise RefusedToSeal(f"block {parent.number} is not the head, which is block {self.height}")
        if self.address not in self._consensus.validators:
            raise RefusedToSeal("it is no validator")
        return self._consensus

    async def _sign(self, consensus: Consensus, proposal: Header, slot: int) -> bytes:
        digest = self._kind.digest(proposal)
        if proposal.number != consensus.height + 1:
            raise RefusedToSeal(f"block {proposal.number} does not follow block {consensus.height}")
        before = self._memory.sealed(proposal.number, slot)
        if before not in (None, digest) and not self._byzantine:
            raise RefusedToSeal(f"it has sealed another block {proposal.number} there")
        if before is None:
            self._memory.keep(proposal.number, slot, digest, consensus.to_json())
        return await self._raw(digest)

    async def _raw(self, digest: Hash32) -> bytes:
        signature = await self._signer.sign(digest)
        return signature.r.to_bytes(32, "big") + signature.s.to_bytes(32, "big") + bytes((signature.y_parity,))


def validator_app(validator: Validator, chain: int, consensus: str) -> web.Application:
    """`GET /`, and `POST /propose`, `/seal`, `/headers`, `/vote`, all JSON with headers as RLP in hex."""

    async def who(_request: web.Request) -> web.Response:
        return answer(
            {
                "address": str(validator.address),
                "chain": chain,
                "consensus": consensus,
                "height": validator.height,
                "byzantine": validator.byzantine,
            }
        )

    async def propose(asked: Any) -> Any:
        header, seal = await validator.propose(header_of(asked["parent"]), header_of(asked["template"]), asked["round"])
        return {"header": "0x" + header.encode().hex(), "seal": "0x" + seal.hex()}

    async def seal(asked: Any) -> Any:
        given = await validator.seal(header_of(asked["parent"]), header_of(asked["header"]))
        return {"seal": "0x" + given.hex()}

    async def headers(asked: Any) -> Any:
        validator.learn([header_of(each) for each in asked["headers"]])
        return {"height": validator.height}

    async def vote(asked: Any) -> Any:
        validator.vote(Address.from_hex(asked["address"]), add=asked["add"])
        return {}

    app = web.Application(client_max_size=LARGEST_REQUEST)
    app.router.add_get("/", who)
    for path, work in {"/propose": propose, "/seal": seal, "/headers": headers, "/vote": vote}.items():
        app.router.add_post(path, _handler(work, chain))
    return app


def _handler(work: Callable[[Any], Awaitable[Any]], chain: int) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        asked = orjson.loads(await request.read())
        if asked.get("chain", chain) != chain:
            return answer({"refused": f"it validates chain {chain}"}, CONFLICT)
        try:
            return answer(await work(asked))
        except Behind as behind:
            return answer({"behind": behind.height}, CONFLICT)
        except (RefusedToSeal, LightClientError) as trouble:
            return answer({"refused": str(trouble)}, CONFLICT)

    return handle


def header_of(text: str) -> Header:
    return decode_header(bytes.fromhex(text[2:]))


def answer(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")

"""The BFT light client follows a living chain, and its equivocation is evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from light_clients.bft.client import BftClient, Newest
from light_clients.bft.extra_data import Dialect, decode_extra
from light_clients.bft.validators import Validators
from light_clients.types import ChainId
from tests.entrypoints.sealing_support import CHAIN, SealedChain, a_sealed_chain

pytestmark = pytest.mark.timeout(180)
WEEK = 7 * 86_400


async def a_client(chain: SealedChain, dialect: Dialect) -> BftClient:
    """Trusts block 1, and what it says of the time."""
    header, name = await chain.header(1)
    validators = Validators.of(decode_extra(header.extra_data, dialect).validators)
    newest = Newest(1, header.timestamp, name[:16])
    return BftClient(ChainId(CHAIN), dialect, validators, newest, WEEK)


@pytest.mark.parametrize("dialect", list(Dialect))
async def test_the_light_client_follows_through_votes_and_rounds(tmp_path: Path, dialect: Dialect) -> None:
    async with a_sealed_chain(tmp_path, dialect.value, validators=5, genesis=4) as chain:
        await chain.mine(2)
        client = await a_client(chain, dialect)
        *council, newcomer = chain.validators
        await chain.rpc(f"{dialect.value.rstrip('2')}_proposeValidatorVote", str(newcomer), True)
        await chain.mine(4)
        await chain.validators[council[0]].kill()
        await chain.mine(6)
        headers = await chain.headers(2, await chain.head())

        update = client.build_update(headers, headers[-1].timestamp)

        after, trusted = client.advance(update, headers[-1].timestamp)
        assert str(trusted.block_hash) == (await chain.rpc("eth_getBlockByNumber", "latest", False))["hash"]
        assert after.validators.addresses == (*council, newcomer)
        assert max(decode_extra(header.extra_data, dialect).round for header in headers) >= 1


@pytest.mark.parametrize("dialect", list(Dialect))
async def test_an_equivocation_is_evidence(tmp_path: Path, dialect: Dialect) -> None:
    async with a_sealed_chain(tmp_path, dialect.value, byzantine=3) as chain:
        await chain.mine(3)
        client = await a_client(chain, dialect)
        await chain.rpc("lockkeeper_equivocate", "0x3")
        one, name = await chain.header(3)
        other, other_name = await chain.header(3, chain.node.said["fork"])

        evidence = client.build_evidence(client.build_step(one), client.build_step(other), one.timestamp)

        first, second = client.verify_misbehaviour(evidence, one.timestamp)
        assert (first.block_hash, second.block_hash) == (name, other_name)

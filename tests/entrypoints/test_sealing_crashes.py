"""Whatever is killed, the sealed chain that was served stays served; only Byzantine validators make a second one."""

from __future__ import annotations

from pathlib import Path

import pytest

from light_clients.bft.extra_data import Dialect, block_hash, sealed
from light_clients.clique.seal import signer_of
from light_clients.crypto.secp256k1 import recover
from light_clients.types import Hash32
from relayer.entrypoints.devnet.sealing.bft import short
from tests.adapters.support.anvil import FIRST_ACCOUNT, an_anvil
from tests.entrypoints.sealing_support import SealedChain, a_sealed_chain

pytestmark = pytest.mark.timeout(180)


async def served(chain: SealedChain) -> list[str]:
    return [str((await chain.header(number))[1]) for number in range(await chain.head() + 1)]


@pytest.mark.parametrize("consensus", ["qbft", "clique"])
async def test_a_killed_node_continues_the_same_chain(tmp_path: Path, consensus: str) -> None:
    async with a_sealed_chain(tmp_path, consensus, options=("--block-seconds", "0.05")) as chain:
        before: list[str] = []
        for _ in range(4):
            await chain.reaches(len(before) + 5)
            before = await served(chain)
            await chain.node.kill()

            await chain.node.start()

            now = await served(chain)
            assert now[: len(before)] == before
        height = await chain.head()
        await chain.reaches(height + 3)


async def test_a_block_that_was_mined_and_not_sealed_is_sealed_after_a_restart(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path) as chain:
        await chain.node.kill()
        await chain.anvil.rpc("anvil_mine", "0x2")

        await chain.node.start()

        await chain.reaches(2)


async def test_a_last_line_that_was_cut_off_is_sealed_again(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path) as chain:
        await chain.mine(3)
        before = await served(chain)
        await chain.node.kill()
        journal = tmp_path / "journal"
        journal.write_bytes(journal.read_bytes()[:-20])

        await chain.node.start()
        await chain.reaches(3)

        assert await served(chain) == before


async def test_an_anvil_that_forgot_everything_comes_to_the_same_state_again(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path, hardfork="cancun") as chain:
        call = {"from": str(FIRST_ACCOUNT), "to": "0x" + "77" * 20, "value": "0x7"}
        transaction = await chain.rpc("eth_sendTransaction", call)
        await chain.mine(3)
        before = await served(chain)
        chain.anvil.process.kill()
        await chain.anvil.process.wait()
        later = str((await chain.header(0))[0].timestamp + 60)

        fresh = ("--no-mining", "--hardfork", "cancun", "--timestamp", later)
        async with an_anvil(chain.anvil.id, *fresh, port=chain.anvil.port):
            await chain.mine()

            assert (await served(chain))[:4] == before
            receipt = await chain.rpc("eth_getTransactionReceipt", transaction)
            assert (receipt["blockHash"], receipt["status"]) == (before[1], "0x1")
            assert int(await chain.rpc("eth_getBalance", "0x" + "77" * 20, "latest"), 16) == 7
            for header in await chain.headers(1, 4):
                mined = await chain.anvil.rpc("eth_getBlockByNumber", hex(header.number), False)
                assert header.state_root == Hash32.from_hex(mined["stateRoot"])


async def test_node_and_validators_end_in_order_when_told(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path) as chain, chain.session.ws_connect(chain.url) as socket:
        await chain.mine()
        processes = [part.process for part in (chain.node, *chain.validators.values()) if part.process]
        for process in processes:
            process.terminate()

        assert [await process.wait() for process in processes] == [0] * 5
        assert not [
            part.log for part in (chain.node, *chain.validators.values()) if "Traceback" in part.log.read_text()
        ]
        assert socket.closed or await socket.receive()


async def test_a_killed_validator_remembers_what_it_sealed(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path) as chain:
        await chain.mine(2)
        address, part = next(iter(chain.validators.items()))
        await part.kill()
        await part.start()
        parent, sealed_header = [await chain.rpc("eth_getBlockByNumber", hex(n), False) for n in (1, 2)]
        assert parent["number"] == "0x1"

        other = await equivocation(chain, int(sealed_header["number"], 16))

        assert str(address) in other["error"]["message"]


async def equivocation(chain: SealedChain, number: int) -> dict[str, dict[str, str]]:
    request = {"jsonrpc": "2.0", "id": 1, "method": "lockkeeper_equivocate", "params": [hex(number)]}
    answer: dict[str, dict[str, str]] = await chain.post(request)
    return answer


async def test_honest_validators_seal_no_second_header(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path, byzantine=2) as chain:
        await chain.mine(3)

        answer = await equivocation(chain, 3)

        assert "2 of 3 would seal another block 3" in answer["error"]["message"]


async def test_byzantine_validators_seal_two_headers_at_one_height(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path, byzantine=3) as chain:
        await chain.mine(4)

        await chain.header(3, chain.node.said["fork"])
        (forged,) = await chain.rpc("lockkeeper_equivocate", "0x3", {"stateRoot": "0x" + "66" * 32})

        fork = chain.node.said["fork"]
        honest, name = await chain.header(3)
        other, other_name = await chain.header(3, fork)
        assert (str(other_name), other_name == name, other.parent_hash) == (forged, False, honest.parent_hash)
        assert other.state_root == Hash32(b"\x66" * 32)
        assert block_hash(other, Dialect.QBFT) == other_name
        parts = sealed(other, Dialect.QBFT)
        signers = {recover(parts.digest, short(seal)) for seal in parts.extra.seals}
        assert signers == set(list(chain.validators)[:3])
        assert (await chain.rpc("eth_getBlockByHash", forged, False, url=fork))["number"] == "0x3"
        assert await chain.rpc("eth_getBlockByHash", forged, False) is None
        assert (await chain.header(2, fork))[1] == (await chain.header(2))[1]

        await chain.node.kill()
        await chain.node.start()

        assert (await chain.header(3, fork))[1] == other_name


async def test_byzantine_signers_of_clique_seal_a_second_branch(tmp_path: Path) -> None:
    async with a_sealed_chain(tmp_path, "clique", byzantine=4) as chain:
        await chain.mine(6)

        hashes = await chain.rpc("lockkeeper_equivocate", "0x2", {"through": 6})

        fork = chain.node.said["fork"]
        branch = [await chain.header(number, fork) for number in range(2, 7)]
        assert [str(name) for _, name in branch] == hashes
        assert [header.parent_hash for header, _ in branch[1:]] == [header.hash() for header, _ in branch[:-1]]
        trunk = await chain.headers(2, 6)
        assert [signer_of(header) for header, _ in branch] == [signer_of(header) for header in trunk]

"""`config check --online`: what only the chains can say about a configuration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from relayer.config import Chain, Config
from relayer.entrypoints.devnet.folder import Folder
from relayer.entrypoints.online import problems_online
from tests.adapters.support.anvil import an_anvil
from tests.adapters.support.gateway import GATEWAY
from tests.adapters.support.liar import Refusal, a_liar
from tests.entrypoints.support import lockkeeper, needs_contracts

pytestmark = [needs_contracts, pytest.mark.xdist_group("devnet"), pytest.mark.timeout(180)]

WRONG = {
    "epoch = 1": ("epoch = 2", "light_client.epoch: the committee has come to epoch 1"),
    "weight = 1": ("weight = 2", "light_client.members: the light client holds another committee"),
    'marketplace = "0x': ('marketplace = "0xdead', ".marketplace: there is no contract at 0xdead"),
    'settlement = "0x': ('settlement = "0xdead', ".settlement: there is no contract at 0xdead"),
    'gateway = "0x': ('gateway = "0xdead', ".gateway: there is no contract at 0xdead"),
    "id = 31337\n": ("id = 31336\n", "serves chain 31337"),
    "ws://127.0.0.1:": ("ws://127.0.0.1:1#", "no endpoint answers"),
}
"""What is written instead of what, and what must be said about it."""


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The relayer's configuration of a devnet that runs."""
    folder = Folder(tmp_path_factory.mktemp("online") / "devnet")
    started = lockkeeper("devnet", "up", "--folder", str(folder.root), "--consensus", "committee", "--json")
    assert started.code == 0, started.err
    yield folder.config("relayer")
    lockkeeper("devnet", "down", "--folder", str(folder.root), "--wipe")


def check(path: Path) -> tuple[int, str]:
    checked = lockkeeper("config", "check", "--online", "--config", str(path), "--json")
    return checked.code, "\n".join(f"{each['key']}: {each['wrong']}" for each in checked.json["problems"])


def test_a_configuration_that_fits_its_chains_is_in_order(configuration: Path) -> None:
    assert check(configuration) == (0, "")


@pytest.mark.parametrize("right", WRONG)
def test_what_the_chains_contradict_is_named(configuration: Path, tmp_path: Path, right: str) -> None:
    wrong, said = WRONG[right]
    text = configuration.read_text()
    if right.endswith('"0x'):
        start = text.index(right) + len(right) - 2
        text = text.replace(text[start : start + 42], "0xdead" + text[start + 6 : start + 42])
    elif right.startswith("id"):
        text = text.replace("31337", "31336")
    else:
        text = text.replace(right, wrong)
    path = tmp_path / "relayer.toml"
    path.write_text(text)

    code, problems = check(path)

    assert code == 2
    assert said in problems


def test_contracts_of_a_marketplace_must_be_what_they_are_named(configuration: Path, tmp_path: Path) -> None:
    market = Folder(configuration.parent.parent).deployed("harbour").market
    assert market is not None
    path = tmp_path / "relayer.toml"
    path.write_text(configuration.read_text().replace(str(market.settlement), str(market.price_feeds)))

    code, problems = check(path)

    assert code == 2
    assert f".settlement: {market.price_feeds} is no Settlement" in problems


@pytest.mark.parametrize(("proofs", "served"), [("storage", "eth_getBlockReceipts"), ("receipts", "eth_getProof")])
async def test_an_endpoint_must_serve_the_kind_of_proof_that_is_configured(proofs: str, served: str) -> None:
    def only(method: str, _params: list[Any], result: Any) -> Any:
        if method in {"eth_getProof", "eth_getBlockReceipts"} and method != served:
            raise Refusal("not here")
        return result

    async with an_anvil() as node, a_liar(node.http, only) as liar:
        await node.rpc("anvil_setCode", str(GATEWAY), "0x00")
        said = {"id": 31337, "name": "harbour", "endpoints": [liar.url], "gateway": str(GATEWAY), "proofs": proofs}
        wrong = await problems_online(Config(chains=(Chain.model_validate(said),)))
        other = "storage" if proofs == "receipts" else "receipts"
        right = await problems_online(Config(chains=(Chain.model_validate(said | {"proofs": other}),)))

    assert [problem.key for problem in wrong] == ["chains.harbour.endpoints"]
    assert "serves no proofs" in wrong[0].wrong
    assert right == []

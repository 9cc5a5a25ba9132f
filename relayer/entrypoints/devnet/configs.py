"""Writes keys and configurations of a devnet's daemons from where its chains and contracts are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from light_clients.types import Address, ChainId
from relayer.entrypoints.deployment.chains import Chain
from relayer.entrypoints.devnet.accounts import (
    ALICE,
    ATTESTERS,
    BOB,
    CAROL,
    DEPLOYER,
    FIRST_ATTESTER,
    RELAYER,
    secret,
)
from relayer.entrypoints.devnet.consensus import Consensus, Makeup, committee
from relayer.entrypoints.devnet.folder import Folder

KEYS = {
    "deployer": DEPLOYER,
    "relayer": RELAYER,
    **{f"attester-{i + 1}": FIRST_ATTESTER + i for i in range(ATTESTERS)},
    "alice": ALICE,
    "bob": BOB,
    "carol": CAROL,
}


def write_keys(folder: Folder, made: Makeup) -> None:
    """Everybody's key, as files only the owner may read. They are public knowledge all the same."""
    for name, index in {**KEYS, **made.keys()}.items():
        path = folder.key(name)
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text("0x" + secret(index).hex() + "\n")


class Configs:
    """Writes the configuration of every daemon."""

    def __init__(self, folder: Folder, made: Makeup, chains: Sequence[Chain], ports: dict[str, int]) -> None:
        self._folder = folder
        self._made = made
        self._names = {chain.id: chain.name for chain in chains}
        self._chains = chains
        self._ports = ports
        self._deployed = {chain.id: folder.deployed(chain.name) for chain in chains}
        self._lanes = [(a.id, b.id) for a in chains for b in chains if a != b]

    def write(self) -> None:
        self._folder.config("relayer").write_text(self._relayer())
        for name in self._made.attesters:
            self._folder.config(name).write_text(self._attester(name))

    def _relayer(self) -> str:
        http = f'[http]\nlisten = "127.0.0.1:{self._ports["relayer"]}"\n'
        lanes = "".join(map(self._lane, self._lanes))
        return self._head("relayer", "lockkeeper") + http + self._market() + self._chain_tables() + lanes

    def _attester(self, name: str) -> str:
        clients = "".join(
            f"[[attest.clients]]\nsource = {source}\ndestination = {destination}\n"
            f'address = "{self._client(source, destination)}"\nepoch = 1\n'
            for source, destination in self._lanes
            if not self._made.of(self._names[source]).sealed
        )
        attest = f'[attest]\nkey = "main"\nlisten = "127.0.0.1:{self._ports[name]}"\n'
        return self._head(name, name) + self._chain_tables() + attest + clients

    def _head(self, name: str, database: str) -> str:
        return (
            f'[relayer]\nid = "{name}"\n[store]\nurl = "sqlite+aiosqlite:///{self._database(database)}"\n'
            f'[bus]\nbroker = "mqtt://127.0.0.1:{self._ports["broker"]}"\n'
            f'[keys.main]\nkind = "file"\npath = "{self._folder.key(name).resolve()}"\n'
        )

    def _market(self) -> str:
        """For the API; the relayer itself needs no marketplace."""
        return f'[market]\nstore = "sqlite+aiosqlite:///{self._database("market")}"\n'

    def _database(self, name: str) -> Path:
        return (self._folder.root / f"{name}.db").resolve()

    def _chain_tables(self) -> str:
        return "".join(
            f'[[chains]]\nid = {chain.id}\nname = "{chain.name}"\nendpoints = ["{_websocket(chain.url)}"]\n'
            f'gateway = "{self._deployed[chain.id].gateway}"\n{self._selling(chain.id)}{self._rules(chain.name)}'
            'start_block = 0\nblock_seconds = 1.0\nkey = "main"\n'
            for chain in self._chains
        )

    def _selling(self, chain: ChainId) -> str:
        deployed = self._deployed[chain]
        said = f'asset_gateway = "{deployed.asset_gateway}"\n'
        if market := deployed.market:
            said += f'marketplace = "{market.marketplace}"\nsettlement = "{market.settlement}"\n'
        return said

    def _rules(self, chain: str) -> str:
        match self._made.of(chain):
            case Consensus.COMMITTEE:
                return 'finality = { kind = "latest" }\n'
            case Consensus.QBFT:
                return 'finality = { kind = "latest" }\nhashing = "qbft"\n'
            case Consensus.CLIQUE:
                return f'finality = {{ kind = "confirmations", depth = {len(self._made.sealers(chain)) // 2 + 1} }}\n'

    def _lane(self, lane: tuple[ChainId, ChainId]) -> str:
        table = f"[[lanes]]\nsource = {lane[0]}\ndestination = {lane[1]}\n[lanes.light_client]\n"
        return f'{table}address = "{self._client(*lane)}"\n{self._believed(self._names[lane[0]])}'

    def _believed(self, source: str) -> str:
        match self._made.of(source):
            case Consensus.COMMITTEE:
                return self._committee()
            case Consensus.QBFT:
                return 'kind = "qbft"\n'
            case Consensus.CLIQUE:
                signers = ", ".join(f'"{signer}"' for signer in self._made.sealers(source))
                return f'kind = "clique"\nsigners = [{signers}]\n'

    def _committee(self) -> str:
        members = ", ".join(f'{{ address = "{each.address}", weight = {each.weight} }}' for each in committee())
        attesters = ", ".join(f'"http://127.0.0.1:{self._ports[name]}"' for name in self._made.attesters)
        return f'kind = "committee"\nepoch = 1\nmembers = [{members}]\nattesters = [{attesters}]\n'

    def _client(self, source: ChainId, destination: ChainId) -> Address:
        return self._deployed[destination].light_clients[source]


def _websocket(url: str) -> str:
    """Anvil takes both on one port; a head that is announced is seen sooner than one that is asked for, and cheaper."""
    return url.replace("http", "ws", 1)

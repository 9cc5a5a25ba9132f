"""Writes keys and configurations of a devnet's daemons from where its chains and contracts are."""

from __future__ import annotations

from collections.abc import Sequence

from light_clients.committee.members import Member
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
    account,
    secret,
)
from relayer.entrypoints.devnet.folder import Folder

KEYS = {
    "deployer": DEPLOYER,
    "relayer": RELAYER,
    **{f"attester-{i + 1}": FIRST_ATTESTER + i for i in range(ATTESTERS)},
    "alice": ALICE,
    "bob": BOB,
    "carol": CAROL,
}


def attester_names() -> tuple[str, ...]:
    return tuple(f"attester-{i + 1}" for i in range(ATTESTERS))


def committee() -> list[Member]:
    """The attesters, in the order the light client wants them."""
    members = [Member(account(FIRST_ATTESTER + i).address) for i in range(ATTESTERS)]
    return sorted(members, key=lambda member: member.address)


def write_keys(folder: Folder) -> None:
    """Everybody's key, as files only the owner may read. They are public knowledge all the same."""
    for name, index in KEYS.items():
        path = folder.key(name)
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text("0x" + secret(index).hex() + "\n")


class Configs:
    """Writes the configuration of every daemon."""

    def __init__(self, folder: Folder, chains: Sequence[Chain], ports: dict[str, int]) -> None:
        self._folder = folder
        self._chains = chains
        self._ports = ports
        self._deployed = {chain.id: folder.deployed(chain.name) for chain in chains}
        self._lanes = [(a.id, b.id) for a in chains for b in chains if a != b]

    def write(self) -> None:
        self._folder.config("relayer").write_text(self._relayer())
        for name in attester_names():
            self._folder.config(name).write_text(self._attester(name))

    def _relayer(self) -> str:
        http = f'[http]\nlisten = "127.0.0.1:{self._ports["relayer"]}"\n'
        return self._head("relayer", "lockkeeper") + http + self._chain_tables() + "".join(map(self._lane, self._lanes))

    def _attester(self, name: str) -> str:
        clients = "".join(
            f"[[attest.clients]]\nsource = {source}\ndestination = {destination}\n"
            f'address = "{self._client(source, destination)}"\nepoch = 1\n'
            for source, destination in self._lanes
        )
        attest = f'[attest]\nkey = "main"\nlisten = "127.0.0.1:{self._ports[name]}"\n'
        return self._head(name, name) + self._chain_tables() + attest + clients

    def _head(self, name: str, database: str) -> str:
        store = (self._folder.root / f"{database}.db").resolve()
        return (
            f'[relayer]\nid = "{name}"\n[store]\nurl = "sqlite+aiosqlite:///{store}"\n'
            f'[bus]\nbroker = "mqtt://127.0.0.1:{self._ports["broker"]}"\n'
            f'[keys.main]\nkind = "file"\npath = "{self._folder.key(name).resolve()}"\n'
        )

    def _chain_tables(self) -> str:
        return "".join(
            f'[[chains]]\nid = {chain.id}\nname = "{chain.name}"\nendpoints = ["{_websocket(chain.url)}"]\n'
            f'gateway = "{self._deployed[chain.id].gateway}"\nfinality = {{ kind = "latest" }}\n'
            'start_block = 0\nblock_seconds = 1.0\nkey = "main"\n'
            for chain in self._chains
        )

    def _lane(self, lane: tuple[ChainId, ChainId]) -> str:
        members = ", ".join(f'{{ address = "{each.address}", weight = {each.weight} }}' for each in committee())
        attesters = ", ".join(f'"http://127.0.0.1:{self._ports[name]}"' for name in attester_names())
        return (
            f"[[lanes]]\nsource = {lane[0]}\ndestination = {lane[1]}\n"
            f'[lanes.light_client]\nkind = "committee"\naddress = "{self._client(*lane)}"\nepoch = 1\n'
            f"members = [{members}]\nattesters = [{attesters}]\n"
        )

    def _client(self, source: ChainId, destination: ChainId) -> Address:
        return self._deployed[destination].light_clients[source]


def _websocket(url: str) -> str:
    """Anvil takes both on one port; a head that is announced is seen sooner than one that is asked for, and cheaper."""
    return url.replace("http", "ws", 1)

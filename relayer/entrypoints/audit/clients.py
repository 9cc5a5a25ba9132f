"""Who could have false headers believed: what each light client rests on, with the numbers that it has now."""

from __future__ import annotations

from light_clients.bft.extra_data import Dialect, block_hash, sealed
from light_clients.bft.validators import Validators, quorum
from light_clients.committee.members import Committee
from light_clients.crypto.keccak import keccak256
from light_clients.errors import LightClientError
from light_clients.evm.header import check_announced
from light_clients.types import Address
from relayer.entrypoints.audit.code import CLIENTS, check_code, recognised
from relayer.entrypoints.audit.findings import ChainReport, Forger
from relayer.entrypoints.audit.reading import Reading

SEALED = {"QbftLightClient": Dialect.QBFT, "Ibft2LightClient": Dialect.IBFT2}


async def read_client(reading: Reading, there: Reading, name: str, where: Address, report: ChainReport) -> None:
    """Add what is known of one light client, which verifies the headers of the chain `there`."""
    source = there.name
    if name not in CLIENTS:
        report.critical("ClientUnknown", f"nobody knows the light client of {source} at {where}")
        report.forgers.append(Forger(source, "unknown code", where, "whoever wrote it"))
        return
    await check_code(reading, name, where, report)
    if not await reading.code(where):
        return
    if await reading.one(where, name, "frozen"):
        report.warning("ClientFrozen", f"the light client of {source} at {where} serves nothing any more")
    match name:
        case "CommitteeLightClient":
            words = await _committee(reading, source, where, report)
        case "CliqueLightClient":
            words = await _clique(reading, source, where, report)
        case "SyncCommitteeLightClient":
            size = (await reading.one(where, name, "network"))[-1]
            words = f"{-(-size * 2 // 3)} of a sync committee's {size} keys"
        case "QuorumLightClient":
            words = await _quorum(reading, there, where, report)
        case _ if name in SEALED:
            words = await _validators(reading, there, name, where, report)
        case _:
            words = f"whoever forges headers of its hub, known here through {await reading.address(where, name, 'hub')}"
    report.forgers.append(Forger(source, name, where, words))


async def _quorum(reading: Reading, there: Reading, where: Address, report: ChainReport) -> str:
    """Its members are read too, as what their code shows them to be."""
    name = "QuorumLightClient"
    threshold, members = await reading.one(where, name, "threshold"), await reading.one(where, name, "clients")
    for member in map(Address.from_hex, members):
        await read_client(reading, there, await recognised(reading, member), member, report)
    if threshold == 1:
        report.critical("SignerAlone", f"one client alone vouches for {there.name} at {where}")
    return f"{threshold} of {len(members)} clients: {', '.join(members)}"


async def _committee(reading: Reading, source: str, where: Address, report: ChainReport) -> str:
    """The members are in a log; that it is true is in the hash that the contract holds."""
    name = "CommitteeLightClient"
    held = await reading.one(where, name, "committeeHash")
    for _, values in reversed(await reading.logs(where, name, "CommitteeRotated")):
        words = b"".join(values["members"])
        if keccak256(words) == held:
            committee = Committee.from_words(words)
            break
    else:
        report.critical("CommitteeHidden", f"no log names the committee that vouches for {source} at {where}")
        return f"members with hash 0x{held.hex()}, whom no log names"
    alone = [member for member in committee.members if member.weight >= committee.needed]
    for member in alone:
        report.critical("SignerAlone", f"the key {member.address} alone can forge every message from {source}")
    weights = sorted((member.weight for member in committee.members), reverse=True)
    k, total = 0, 0
    while total < committee.needed:
        total, k = total + weights[k], k + 1
    return f"{k} of {len(weights)} keys: {', '.join(str(member.address) for member in committee.members)}"


async def _validators(reading: Reading, there: Reading, name: str, where: Address, report: ChainReport) -> str:
    """The contract holds but a hash of them: the chain itself lists those whose hash it is."""
    held, dialect = await reading.one(where, name, "validatorsHash"), SEALED[name]
    try:
        listed = None
        if there.read:
            header, _ = check_announced(await there.newest_block(), lambda header: block_hash(header, dialect))
            listed = Validators.of(sealed(header, dialect).extra.validators)
    except LightClientError:
        listed = None
    if listed is None or listed.hash != held:
        return f"two thirds of the validators with hash 0x{held.hex()}, whom the newest header does not list"
    if len(listed) == 1:
        report.critical("SignerAlone", f"the key {listed.addresses[0]} alone can forge every message from {there.name}")
    return f"{quorum(len(listed))} of {len(listed)} keys: {', '.join(map(str, listed.addresses))}"


async def _clique(reading: Reading, source: str, where: Address, report: ChainReport) -> str:
    name = "CliqueLightClient"
    held = await reading.one(where, name, "signersHash")
    for _, values in reversed(await reading.logs(where, name, "SignersTrusted")):
        if values["signersHash"] == held:
            signers = values["signers"]
            break
    else:
        report.critical("SignersHidden", f"no log names the signers that vouch for {source} at {where}")
        return f"signers with hash 0x{held.hex()}, whom no log names"
    if len(signers) == 1:
        report.critical("SignerAlone", f"the key {signers[0]} alone can forge every message from {source}")
    return f"{len(signers) // 2 + 1} of {len(signers)} keys: {', '.join(signers)}"

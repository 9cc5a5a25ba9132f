"""Whether the code on the chain is the code that was shipped, and whether somebody can change it."""

from __future__ import annotations

from collections.abc import Sequence

from light_clients.crypto.keccak import keccak256
from light_clients.evm.rlp import encode, integer_bytes
from light_clients.types import Address
from relayer.entrypoints.audit.findings import ChainReport
from relayer.entrypoints.audit.reading import Reading
from relayer.entrypoints.deployment.creation import libraries_of
from relayer.entrypoints.onchain.artifacts import Artifact, artifact

PROXY_SLOTS = ("implementation", "admin", "beacon")
"""EIP-1967."""
WRAPPED = ("WrappedERC20", "WrappedERC721", "WrappedERC1155")
"""What the asset gateway creates first, in this order."""
CLIENTS = (
    "CommitteeLightClient",
    "QbftLightClient",
    "Ibft2LightClient",
    "CliqueLightClient",
    "SyncCommitteeLightClient",
    "RelayChainLightClient",
    "OpStackLightClient",
    "QuorumLightClient",
)
"""The light clients that we know."""
LIBRARY = b"\x73" + bytes(Address.LENGTH)
"""A library's code begins with its own address."""


async def check_code(reading: Reading, name: str, where: Address, report: ChainReport) -> None:
    """Compare everything but what is filled in at creation; that is asked for by views."""
    code = await reading.code(where)
    if not code:
        report.critical("CodeMissing", f"there is no {name} at {where}")
        return
    if _blank(code, artifact(name)) != artifact(name).runtime:
        report.critical("CodeDiffers", f"the code of {name} at {where} is not the shipped one")
    for part in PROXY_SLOTS:
        slot = int.from_bytes(keccak256(f"eip1967.proxy.{part}".encode()), "big") - 1
        if any(found := await reading.slot(where, slot.to_bytes(32, "big"))):
            report.critical("Upgradeable", f"{name} at {where} names an EIP-1967 {part}: {Address(found[12:])}")


async def recognised(reading: Reading, where: Address) -> str:
    """Which light client it is, by its code; nothing if it is none that we know."""
    code = await reading.code(where)
    return next((name for name in CLIENTS if _blank(code, artifact(name)) == artifact(name).runtime), "")


def _blank(code: bytes, known: Artifact) -> bytes:
    """With zeros where something is filled in at creation."""
    blank = bytearray(code)
    places = [*known.variable, (1, Address.LENGTH)] if known.runtime.startswith(LIBRARY) else known.variable
    for start, length in places:
        blank[start : start + length] = bytes(length)
    return bytes(blank)


async def check_parts(reading: Reading, asset_gateway: Address, report: ChainReport) -> Sequence[Address]:
    """The libraries that the asset gateway calls, those that they call, and what its wrapped tokens delegate to."""
    libraries = {library.name: library.address for library in libraries_of("AssetGateway")}
    parts = libraries | {name: created(asset_gateway, nonce) for nonce, name in enumerate(WRAPPED, 1)}
    used = await filled_in(reading, "AssetGateway", asset_gateway)
    for name, where in libraries.items():
        used |= await filled_in(reading, name, where)
    for name, where in parts.items():
        if where not in used:
            report.critical("CodeDiffers", f"AssetGateway at {asset_gateway} does not use {name} at {where}")
        await check_code(reading, name, where, report)
    return list(parts.values())


async def filled_in(reading: Reading, name: str, where: Address) -> set[bytes]:
    """What may be addresses among the values that a contract's code was given at its creation."""
    code = await reading.code(where)
    return {code[start : start + length][-Address.LENGTH :] for start, length in artifact(name).variable}


def created(creator: Address, nonce: int) -> Address:
    """Where a contract has created another."""
    return Address(keccak256(encode([bytes(creator), integer_bytes(nonce)]))[12:])

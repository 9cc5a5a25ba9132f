"""Sends one parcel over a devnet, minting a sample token first when no other was named."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from light_clients.types import Address, ChainId
from relayer.domain.errors import Misconfigured, Rejected
from relayer.entrypoints.deployment.chains import Chain
from relayer.entrypoints.deployment.plan import FACTORY, Creation, creation
from relayer.entrypoints.devnet.accounts import account
from relayer.entrypoints.devnet.configs import KEYS
from relayer.entrypoints.devnet.folder import Folder
from relayer.entrypoints.onchain.artifacts import artifact
from relayer.entrypoints.onchain.node import Node
from relayer.entrypoints.onchain.wallet import Account, Wallet
from relayer.entrypoints.sending import assets
from relayer.entrypoints.sending.fees import DESCRIPTION, Letter, price, transfer
from relayer.entrypoints.sending.travel import Place, arrival, sent_by


@dataclass(frozen=True, slots=True)
class Order:
    """From whom, to whom, and over which chains."""

    folder: Folder
    source: str
    destination: str
    recipient: str
    key: str
    password_file: Path | None
    wait: bool


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is sent: which calls come first, and which one sends it."""

    sample: Creation | None
    """A contract to create if it is not there: the sample token, or on the destination the sample inbox."""
    token: Address | None
    mint: Callable[[Address], bytes] | None
    approve: Callable[[Address], bytes] | None
    send: Callable[[ChainId, Address], bytes]
    letters: tuple[Letter, ...]
    """What goes to the other chain, and is to be paid for."""


def erc20(token: Address | None, amount: int) -> Parcel:
    sample = None if token else creation("SampleERC20", "Pebble", "PBL")
    there = token or _standing(sample)
    return Parcel(
        sample,
        there,
        mint=lambda owner: artifact("SampleERC20").call("mint", str(owner), amount),
        approve=lambda custody: assets.approve_erc20(custody, amount),
        send=lambda chain, recipient: assets.send_erc20(there, chain, recipient, amount),
        letters=(DESCRIPTION, transfer(0)),
    )


def erc721(token: Address | None, ids: Sequence[int]) -> Parcel:
    sample = None if token else creation("SampleERC721", "Herons", "HRN")
    there = token or _standing(sample)
    chosen = list(ids) or _fresh(sample, "--id")

    def mint(owner: Address) -> bytes:
        uri = f"ipfs://herons/{chosen[0]}.json"
        return artifact("SampleERC721").call("mint", str(owner), chosen[0], uri, str(owner), 750)

    if sample and len(chosen) > 1:
        raise Misconfigured("--id", "one sample item is minted at a time", "name one id, or your own --token")
    return Parcel(
        sample,
        there,
        mint,
        approve=assets.approve_collection,
        send=lambda chain, recipient: assets.send_erc721(there, chain, recipient, chosen),
        letters=(DESCRIPTION, transfer(len(chosen))),
    )


def erc1155(token: Address | None, items: Sequence[tuple[int, int]]) -> Parcel:
    sample = None if token else creation("SampleERC1155", "ipfs://shells/{id}")
    there = token or _standing(sample)
    chosen = list(items) or [(id_, 10) for id_ in _fresh(sample, "--item")]
    ids, amounts = [id_ for id_, _ in chosen], [amount for _, amount in chosen]
    return Parcel(
        sample,
        there,
        mint=lambda owner: artifact("SampleERC1155").call("mintBatch", str(owner), ids, amounts),
        approve=assets.approve_collection,
        send=lambda chain, recipient: assets.send_erc1155(there, chain, recipient, ids, amounts),
        letters=(DESCRIPTION, transfer(len(ids))),
    )


def message(payload: bytes, gas_limit: int | None, *, lasts: int | None = None, bounce: bool = False) -> Parcel:
    """`lasts`: seconds from now after which it is not executed any more."""
    deadline = None if lasts is None else int(time.time()) + lasts
    asked = assets.Attributes(gas_limit, deadline, bounce)
    return Parcel(
        creation("SampleInbox"),
        None,
        mint=None,
        approve=None,
        send=lambda chain, recipient: assets.send_message(chain, recipient, payload, asked),
        letters=(Letter(gas_limit or 0, len(payload), bounce),),
    )


def _fresh(sample: Creation | None, option: str) -> list[int]:
    if sample is None:
        raise Misconfigured(option, "it is missing", "say what to send")
    return [time.time_ns()]


def _standing(sample: Creation | None) -> Address:
    if sample is None:
        raise ValueError("neither token nor sample")
    return sample.address


async def send(parcel: Parcel, order: Order) -> dict[str, Any]:
    """Carry out the order; what a person wants to know of it."""
    source, destination = _chain(order, order.source), _chain(order, order.destination)
    if source == destination:
        raise Misconfigured("--to", "it is the chain that --from names", "name another chain")
    async with aiohttp.ClientSession() as session:
        here = Place(Node(source.url, session), order.folder.deployed(source.name))
        there = Place(Node(destination.url, session), order.folder.deployed(destination.name))
        wallet = Wallet(here.node, _account(order), source.id)
        if parcel.token is None:
            recipient = await _inbox(parcel, order, Wallet(there.node, wallet.account, destination.id))
            target = here.addresses.gateway
        else:
            recipient, target = _recipient(order), here.addresses.asset_gateway
            await _prepare(parcel, wallet, target)
        others = [chain.id for chain in order.folder.read().chains if chain != source]
        first = [destination.id] if parcel.token is None else others  # what is wrapped goes home first
        fee = await price(parcel.letters, here, first)
        transaction = await wallet.send(target, parcel.send(destination.id, recipient), value=fee)
        receipt = await wallet.settled(transaction)
        mined = time.monotonic()
        *_, sent = sent_by(receipt, here)
        found = {"message": str(sent.id), "transaction": transaction, "nonce": str(sent.nonce)}
        if fee:
            found["paid at most"] = f"{fee} wei"
        if parcel.token:
            found["token"] = str(parcel.token)
        if not order.wait:
            return found
        hop = next(c for c in order.folder.read().chains if c.id == sent.destination)
        came = await arrival(sent, Place(Node(hop.url, session), order.folder.deployed(hop.name)), since=mined)
        return found | {"delivered": came.transaction, "on": hop.name, "seconds": f"{came.seconds:.2f}"}


async def _prepare(parcel: Parcel, wallet: Wallet, custody: Address) -> None:
    """Create and mint the sample, if it is one; let the custody take it."""
    if parcel.token is None or parcel.approve is None:
        return
    if parcel.sample is not None and parcel.mint is not None:
        await _create(parcel.sample, wallet)
        await wallet.settled(await wallet.send(parcel.token, parcel.mint(wallet.address)))
    if await _is_home(parcel.token, wallet):
        await wallet.settled(await wallet.send(parcel.token, parcel.approve(custody)))


async def _is_home(token: Address, wallet: Wallet) -> bool:
    """A wrapped token names its home, is burned where it stands, and needs no approval."""
    try:
        await wallet.node.view(token, artifact("WrappedERC20").call("home"))
    except Rejected:
        return True
    return False


async def _create(sample: Creation, wallet: Wallet) -> None:
    if not await wallet.node.has_code(sample.address):
        await wallet.settled(await wallet.send(FACTORY, sample.salt + sample.code))


async def _inbox(parcel: Parcel, order: Order, wallet: Wallet) -> Address:
    """The recipient of a message: the sample inbox, unless an address was named."""
    if order.recipient.startswith("0x"):
        return _recipient(order)
    if parcel.sample is None:
        raise Misconfigured("--recipient", "a message needs one", "name an ERC-7786 recipient")
    await _create(parcel.sample, wallet)
    return parcel.sample.address


def _chain(order: Order, name: str) -> Chain:
    chains = {chain.name: chain for chain in order.folder.read().chains}
    if name not in chains:
        raise Misconfigured("--from/--to", f"there is no chain {name!r}", f"choose from {', '.join(chains)}")
    return chains[name]


def _account(order: Order) -> Account:
    if order.key in KEYS and not Path(order.key).exists():
        return account(KEYS[order.key])
    return Account.from_file(Path(order.key), order.password_file)


def _recipient(order: Order) -> Address:
    if order.recipient in KEYS:
        return account(KEYS[order.recipient]).address
    try:
        return Address.from_hex(order.recipient)
    except ValueError:
        raise Misconfigured(
            "--recipient", f"{order.recipient!r} is no address and no name", f"choose from {', '.join(KEYS)}"
        ) from None

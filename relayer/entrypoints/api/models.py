"""What the API answers: chains by CAIP-2, accounts by CAIP-10, on-chain numbers in decimal, times by RFC 3339."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from light_clients.types import Address, ChainId
from relayer.domain.ids import BlockRef
from relayer.domain.message import BOUNCE
from relayer.domain.views import ChainView, LaneView, MessageView, Stage

LAST_SECOND = 253_402_300_799
"""Of the year 9999."""
ADDRESS = r"^eip155:\d+:0x[0-9a-f]{40}$"


class Model(BaseModel):
    """Frozen, and camelCase to the world."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class Block(Model):
    """A block of a chain."""

    number: str = Field(description="Decimal.", examples=["128"])
    hash: str
    time: datetime


class Transaction(Model):
    """A transaction, and the block that holds it."""

    hash: str
    block: Block | None = Field(description="Absent until it is mined.")


class Proof(Model):
    """What stood behind a delivery."""

    height: str = Field(description="The source block whose header proved it; decimal.")
    attestations: int | None = Field(description="How many attestations or seals the header had.")


class Message(Model):
    """One message, and how far it has come."""

    id: str
    source: str = Field(description="CAIP-2 chain.", examples=["eip155:31337"])
    destination: str = Field(description="CAIP-2 chain.", examples=["eip155:31338"])
    nonce: str = Field(description="Its place in the lane; decimal.")
    stage: Stage
    sender: str = Field(description="CAIP-10 account.", pattern=ADDRESS)
    recipient: str = Field(description="CAIP-10 account.", pattern=ADDRESS)
    fee: str = Field(description="What its sender paid for it, in wei of the source; decimal.")
    gas_limit: str = Field(description="Decimal.")
    deadline: datetime | None = Field(description="After that it is not executed any more.")
    bounces: bool = Field(description="Whether it goes back to its sender if it cannot be executed.")
    payload_length: int = Field(description="Bytes.")
    source_transaction: Transaction
    destination_transaction: Transaction | None
    relayer: str | None = Field(description="CAIP-10 account that delivered it.")
    proof: Proof | None = Field(description="Known of deliveries by this relayer.")
    batch: tuple[str, str] | None = Field(description="First and last nonce of the delivering transaction.")
    gas_used: str | None = Field(description="Of the whole delivering transaction, once final; decimal.")
    returns: str | None = Field(description="The message that has come back as this one.")
    returned_as: str | None = Field(description="The message that this one has gone back as.")


class Lane(Model):
    """An ordered pair of gateways, as cursors on one line of nonces."""

    source: str
    destination: str
    source_gateway: str
    destination_gateway: str
    seen: str
    final: str
    submitted: str
    included: str
    settled: str
    oldest_pending: str | None = Field(description="Nonce of the oldest message not delivered yet.")
    oldest_pending_since: datetime | None
    setbacks: int = Field(description="Failures since the last success.")
    halted: str | None = Field(description="Why the lane has stopped, if it has.")


class Chain(Model):
    """How far a chain has been read."""

    chain: str
    name: str | None
    head: Block
    final: str = Field(description="Height; decimal.")


class Chains(Model):
    chains: list[Chain]


class Lanes(Model):
    lanes: list[Lane]


class Messages(Model):
    messages: list[Message]


class Problem(Model):
    """RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str = Field(description="Stays the same when the words change.", examples=["request-invalid"])


def caip2(chain: ChainId) -> str:
    return f"eip155:{chain}"


def caip10(chain: ChainId, account: Address) -> str:
    return f"eip155:{chain}:{account}"


def block_of(block: BlockRef) -> Block:
    return Block(number=str(block.number), hash=str(block.hash), time=datetime.fromtimestamp(block.timestamp, UTC))


def chain_of(view: ChainView, name: str | None) -> Chain:
    return Chain(chain=caip2(view.chain), name=name, head=block_of(view.head), final=str(view.final))


def lane_of(view: LaneView) -> Lane:
    since = view.oldest_pending_since
    return Lane(
        source=caip2(view.lane.source),
        destination=caip2(view.lane.destination),
        source_gateway=caip10(view.lane.source, view.lane.source_gateway),
        destination_gateway=caip10(view.lane.destination, view.lane.destination_gateway),
        seen=str(view.seen),
        final=str(view.final),
        submitted=str(view.submitted),
        included=str(view.included),
        settled=str(view.settled),
        oldest_pending=None if view.oldest_pending is None else str(view.oldest_pending),
        oldest_pending_since=None if since is None else datetime.fromtimestamp(since, UTC),
        setbacks=view.setbacks,
        halted=view.halted or None,
    )


def message_of(view: MessageView) -> Message:
    source, destination = view.lane.source, view.lane.destination
    return Message(
        id=str(view.id),
        source=caip2(source),
        destination=caip2(destination),
        nonce=str(view.nonce),
        stage=view.stage,
        sender=caip10(source, view.sender),
        recipient=caip10(destination, view.recipient),
        fee=str(view.fee),
        gas_limit=str(view.gas_limit),
        deadline=_time(view.deadline),
        bounces=view.flags == BOUNCE,
        payload_length=view.payload_length,
        source_transaction=Transaction(hash=str(view.source_transaction), block=block_of(view.source_block)),
        destination_transaction=_delivery(view),
        relayer=None if view.relayer is None else caip10(destination, view.relayer),
        proof=None
        if view.header_height is None
        else Proof(height=str(view.header_height), attestations=view.attestations),
        batch=None if view.batch is None else (str(view.batch[0]), str(view.batch[1])),
        gas_used=None if view.gas_used is None else str(view.gas_used),
        returns=None if view.returns is None else str(view.returns),
        returned_as=None if view.returned_as is None else str(view.returned_as),
    )


def _time(seconds: int) -> datetime | None:
    """None for no deadline, and for one beyond the calendar, which is as good as none."""
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds <= LAST_SECOND else None


def _delivery(view: MessageView) -> Transaction | None:
    if view.destination_transaction is None:
        return None
    block = None if view.destination_block is None else block_of(view.destination_block)
    return Transaction(hash=str(view.destination_transaction), block=block)

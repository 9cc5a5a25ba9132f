"""From what the memory knows to what the marketplace answers."""

from __future__ import annotations

from datetime import UTC, datetime

from light_clients.types import Address, ChainId
from relayer.domain.ids import TxRef
from relayer.domain.market import purchases as deeds
from relayer.domain.market import views
from relayer.domain.market.documents import LAST_SECOND
from relayer.domain.market.listing import ItemType
from relayer.entrypoints.api.market import dealings, models
from relayer.entrypoints.api.models import Transaction, block_of, caip2, caip10
from relayer.entrypoints.market.steps import Step
from relayer.entrypoints.market.steps import Transaction as Sending

ITEM_TYPES: dict[ItemType, models.Kind] = {ItemType.ERC721: "erc721", ItemType.ERC1155: "erc1155"}


def when(seconds: int) -> datetime:
    return datetime.fromtimestamp(min(seconds, LAST_SECOND), UTC)


def transaction_of(at: TxRef) -> Transaction:
    return Transaction(hash=str(at.hash), block=block_of(at.block))


def _maybe(at: TxRef | None) -> Transaction | None:
    return None if at is None else transaction_of(at)


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)


def token_of(token: views.TokenId) -> str:
    return caip10(token.chain, token.address)


def item_ref(item: views.ItemId) -> models.ItemRef:
    return models.ItemRef(collection=token_of(item.collection), identifier=str(item.identifier))


def listing_ref(listing: views.ListingId) -> models.ListingRef:
    return models.ListingRef(chain=caip2(listing.chain), hash=str(listing.hash))


def collection_of(view: views.CollectionView) -> models.Collection:
    return models.Collection(
        id=token_of(view.id),
        item_type=ITEM_TYPES[view.item_type],
        name=view.name,
        symbol=view.symbol,
        wrapped=[token_of(each) for each in view.wrapped],
        items=view.items,
        listings=view.listings,
    )


def holding_of(view: views.Holding) -> models.Holding:
    return models.Holding(
        item=item_ref(view.item),
        token=token_of(view.token),
        owner=caip10(view.token.chain, view.owner),
        amount=str(view.amount),
    )


def item_of(view: views.ItemView) -> models.Item:
    ref = item_ref(view.id)
    return models.Item(
        collection=ref.collection,
        identifier=ref.identifier,
        item_type=ITEM_TYPES[view.item_type],
        uri=view.uri,
        holdings=[holding_of(each) for each in view.holdings],
        in_flight=[_in_flight(each) for each in view.in_flight],
    )


def _in_flight(view: views.InFlight) -> models.InFlight:
    return models.InFlight(
        message=str(view.message),
        source=caip2(view.source),
        destination=caip2(view.destination),
        recipient=caip10(view.destination, view.recipient),
        amount=str(view.amount),
    )


def step_of(step: views.ProvenanceStep) -> models.ProvenanceStep:
    def named(account: Address | None) -> str | None:
        return None if account is None else caip10(step.chain, account)

    proven = None
    if step.proven_at is not None and step.source is not None:
        proven = models.ProvenAt(chain=caip2(step.source), height=str(step.proven_at))
    return models.ProvenanceStep(
        kind=step.kind,
        chain=caip2(step.chain),
        transaction=transaction_of(step.at),
        giver=named(step.giver),
        receiver=named(step.receiver),
        amount=str(step.amount),
        message=_text(step.message),
        proven_at=proven,
        price=None if step.price is None else paid_of(step.price.chain, step.price.token, step.price.amount),
        purchase=_text(step.purchase),
        listing=_text(step.listing),
    )


def paid_of(chain: ChainId, token: Address, amount: int) -> models.Paid:
    return models.Paid(chain=caip2(chain), token=str(token), amount=str(amount))


def purchase_of(view: deeds.PurchaseView) -> dealings.Purchase:
    return dealings.Purchase(
        id=str(view.id),
        payment_chain=caip2(view.payment_chain),
        buyer=caip10(view.payment_chain, view.buyer),
        listing=listing_ref(view.listing),
        item=None if view.item is None else item_ref(view.item),
        price=paid_of(view.payment_chain, view.payment_token, view.paid),
        units=str(view.units),
        recipient=caip10(view.delivery_chain, view.recipient),
        delivery_chain=caip2(view.delivery_chain),
        deadline=when(view.deadline),
        state=view.state,
        step=view.step,
        reason=view.reason or None,
        transactions=dealings.Transactions(
            opened=transaction_of(view.opened),
            answered=_maybe(view.answered),
            ended=_maybe(view.ended),
            delivered=_maybe(view.delivered),
        ),
        messages=[str(each) for each in view.messages],
        receipts=[
            dealings.Receipt(
                account=caip10(each.home_chain, each.account),
                amount=str(each.amount),
                kind=dealings.ShareKind(each.kind),
            )
            for each in view.receipts
        ],
    )


def activity_of(happened: deeds.Activity) -> dealings.Activity:
    return dealings.Activity(
        sequence=str(happened.sequence),
        kind=happened.kind,
        chain=caip2(happened.chain),
        transaction=_maybe(happened.at),
        item=None if happened.item is None else item_ref(happened.item),
        listing=None if happened.listing is None else listing_ref(happened.listing),
        purchase=_text(happened.purchase),
        account=_text(happened.account),
        other=_text(happened.other),
        amount=str(happened.amount),
        message=_text(happened.message),
        retracted=happened.retracted,
    )


def wallet_step(step: Step) -> dealings.TransactionStep | dealings.SignatureStep:
    if isinstance(step, Sending):
        said = {
            "chain": caip2(step.chain),
            "title": step.title,
            "from": str(step.sender),
            "to": str(step.to),
            "data": "0x" + step.data.hex(),
            "value": str(step.value),
            "gas": str(step.gas),
        }
        return dealings.TransactionStep.model_validate(said)
    return dealings.SignatureStep(
        chain=caip2(step.chain), title=step.title, signer=str(step.signer), typed_data=step.typed_data
    )

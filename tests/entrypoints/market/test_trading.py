"""Quotes and steps over real contracts: wallets do what they are told, and it works. And signing in, to hide."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from eth_account.messages import _hash_eip191_message, encode_typed_data

from light_clients.types import Address, ChainId, Hash32
from relayer.domain.market.sign_in import checksummed, digest
from tests.entrypoints.market.place import BUYER, HERE, OTHER, SELLER, THERE, Api, Place, address, signature
from tests.entrypoints.market.test_reading import eventually
from tests.entrypoints.support import needs_contracts

pytestmark = [needs_contracts, pytest.mark.xdist_group("market")]

NAMES = {f"eip155:{HERE}": "one", f"eip155:{THERE}": "two"}


def draft(place: Place, identifier: int, payment: ChainId = HERE) -> dict[str, Any]:
    """What a seller says, at least."""
    return {
        "chain": f"eip155:{HERE}",
        "offerer": str(address(SELLER)),
        "itemType": "erc721",
        "token": str(place.herons),
        "identifier": str(identifier),
        "paymentChain": f"eip155:{payment}",
        "price": str(10**18),
    }


def carry_out(place: Place, steps: list[dict[str, Any]], value: int = 0) -> None:
    """Send every transaction as it stands."""
    for step in steps:
        if step["kind"] == "transaction":
            name = NAMES[step["chain"]]
            place.rpc(name, "anvil_setBalance", step["from"], hex(10**21))
            place.rpc(name, "anvil_impersonateAccount", step["from"])
            call = {each: step[each] for each in ("from", "to", "data")}
            numbers = {each: hex(int(step[each])) for each in ("value", "gas")}
            sent = place.rpc(name, "eth_sendTransaction", call | numbers)
            place.rpc(name, "evm_mine")
            assert place.rpc(name, "eth_getTransactionReceipt", sent)["status"] == "0x1", step["title"]


async def listed(place: Place, api: Api, identifier: int, payment: ChainId = HERE) -> dict[str, Any]:
    """A listing by the steps that the API tells, once it can be bought."""
    place.mint(identifier, address(SELLER), approved=False)
    status, todo = await api.post("/v1/steps/list", {"listing": draft(place, identifier, payment)})
    assert status == 200, todo
    assert [step["kind"] for step in todo["steps"]] == ["transaction", "signature"]
    carry_out(place, todo["steps"])
    signed = place.signed(place.listing(identifier)) | {"listing": todo["listing"]}
    signed["signature"] = "0x" + signature(digest_of(todo["steps"][-1]["typedData"])).hex()
    status, shown = await api.post("/v1/listings", signed)
    assert status == 201, shown
    assert shown["hash"] == todo["hash"]
    return dict(
        await eventually(api, f"/v1/listings/eip155:{HERE}/{todo['hash']}", lambda found: found["state"] == "active")
    )


def digest_of(typed: dict[str, Any]) -> Hash32:
    """As a wallet makes it, by another implementation of EIP-712 than ours."""
    return Hash32(_hash_eip191_message(encode_typed_data(full_message=typed)))


async def test_who_follows_the_steps_lists_buys_and_withdraws(place: Place, api: Api) -> None:
    listing = await listed(place, api, 701)
    name = {"chain": listing["chain"], "hash": listing["hash"]}
    wanted = name | {"recipient": str(address(BUYER)), "deliveryChain": listing["chain"]}

    status, quote = await api.post("/v1/quotes", wanted)
    assert status == 200, quote
    assert quote["price"] == {"chain": listing["chain"], "token": "0x" + "00" * 20, "amount": str(10**18)}
    assert sum(int(each["amount"]) for each in quote["split"]) == 10**18
    assert {each["kind"] for each in quote["split"]} >= {"royalty", "proceeds"}

    status, todo = await api.post("/v1/steps/buy", wanted | {"buyer": str(address(BUYER))})
    assert status == 200, todo
    assert [step["title"] for step in todo["steps"]] == ["Buy"]
    carry_out(place, todo["steps"])

    owner = f"/v1/items/{listing['chain']}/{place.herons}/701"
    await eventually(
        api,
        owner,
        lambda item: [each["owner"] for each in item["holdings"]] == [f"{listing['chain']}:{address(BUYER)}"],
    )
    _, purchases = await api.get(f"/v1/purchases?buyer={address(BUYER)}")
    assert [each["state"] for each in purchases["purchases"]] == ["settled"]
    status, problem = await api.post("/v1/quotes", wanted)
    assert (status, problem["code"]) == (409, "listing-not-active")

    _, earned = await api.get(f"/v1/credits/{address(SELLER)}")
    mine = earned["credits"][0]
    status, todo = await api.post(
        "/v1/steps/withdraw",
        {each: mine[each] for each in ("chain", "homeChain", "token")}
        | {"account": str(address(SELLER)), "to": str(address(SELLER))},
    )
    assert status == 200, todo
    carry_out(place, todo["steps"])
    assert (await api.get(f"/v1/credits/{address(SELLER)}"))[1]["credits"] == []
    status, problem = await api.post(
        "/v1/steps/withdraw",
        {each: mine[each] for each in ("chain", "homeChain", "token")}
        | {"account": str(address(SELLER)), "to": str(address(SELLER))},
    )
    assert (status, problem["code"]) == (422, "nothing-credited")


async def test_a_purchase_from_another_chain_is_quoted_with_its_messages(place: Place, api: Api) -> None:
    listing = await listed(place, api, 702, THERE)
    wanted = {
        "chain": listing["chain"],
        "hash": listing["hash"],
        "recipient": str(address(BUYER)),
        "deliveryChain": f"eip155:{HERE}",
    }

    status, todo = await api.post("/v1/steps/buy", wanted | {"buyer": str(address(BUYER))})
    assert status == 200, todo
    carry_out(place, todo["steps"])

    assert todo["quote"]["fee"]["chain"] == f"eip155:{THERE}"
    found = await eventually(api, f"/v1/purchases?buyer={address(BUYER)}", lambda said: said["purchases"])
    assert found["purchases"][0]["state"] in ("open", "settled")


async def test_what_cannot_be_bought_is_refused(place: Place, api: Api) -> None:
    listing = await listed(place, api, 703)
    right = {
        "chain": listing["chain"],
        "hash": listing["hash"],
        "recipient": str(address(BUYER)),
        "deliveryChain": listing["chain"],
        "buyer": str(address(BUYER)),
    }
    for status, code, wrong in (
        (404, "listing-unknown", {"hash": "0x" + "99" * 32}),
        (404, "chain-unknown", {"deliveryChain": "eip155:999"}),
        (422, "units-unavailable", {"units": "2"}),
        (422, "units-unavailable", {"units": "0"}),
        (422, "number-negative", {"units": "-1"}),
        (422, "number-overflow", {"units": str(1 << 128)}),
        (422, "recipient-zero", {"recipient": "0x" + "00" * 20}),
        (422, "maximum-exceeded", {"maximum": "1"}),
        (422, "bytes-malformed", {"credential": "0xabc"}),
        (422, "bytes-too-long", {"credential": "0x" + "00" * 16_385}),
    ):
        found, problem = await api.post("/v1/steps/buy", right | wrong)
        assert (found, problem["code"]) == (status, code), wrong


async def test_a_listing_is_cancelled_by_its_step(place: Place, api: Api) -> None:
    listing = await listed(place, api, 704)
    name = {"chain": listing["chain"], "hash": listing["hash"]}

    status, todo = await api.post("/v1/steps/cancel", name)
    assert status == 200, todo
    carry_out(place, todo["steps"])

    path = f"/v1/listings/{listing['chain']}/{listing['hash']}"
    await eventually(api, path, lambda found: found["state"] == "cancelled")
    status, problem = await api.post("/v1/steps/cancel", {"chain": listing["chain"]})
    assert (status, problem["code"]) == (422, "cancel-unclear")


async def test_only_its_offerer_hides_a_listing_and_nobody_shows_it_again(place: Place, api: Api) -> None:
    place.mint(705, address(SELLER))
    listing = place.listing(705)
    assert (await api.post("/v1/listings", place.signed(listing)))[0] == 201
    path = f"/v1/listings/eip155:{HERE}/{listing.hash()}"

    for token, status, code in (
        (None, 401, "sign-in-required"),
        ("rubbish", 401, "token-invalid"),
        (await signed_in(api, OTHER), 403, "not-the-offerer"),
        (await signed_in(api, SELLER, THERE), 403, "not-the-offerer"),
    ):
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        async with api.session.delete(path, headers=headers) as answer:
            assert (answer.status, (await answer.json(content_type=None))["code"]) == (status, code)

    headers = {"Authorization": f"Bearer {await signed_in(api, SELLER)}"}
    async with api.session.delete(path, headers=headers) as answer:
        assert answer.status == 204
    assert (await api.get(path))[0] == 404
    status, problem = await api.post("/v1/listings", place.signed(listing))
    assert (status, problem["code"]) == (409, "listing-hidden")


async def test_a_sign_in_is_good_once_and_only_as_it_was_signed(place: Place, api: Api) -> None:
    message = await sign_in_message(api, address(SELLER))
    body = {"message": message, "signature": signed_text(message, SELLER)}
    forged = body | {"signature": signed_text(message, OTHER)}
    foreign = message.replace("0" * 10, "f" * 10) if "0" * 10 in message else message + " "

    assert (await api.post("/v1/auth/verify", forged))[1]["code"] == "signature-invalid"
    assert (await api.post("/v1/auth/verify", body | {"message": foreign}))[0] == 422
    assert (await api.post("/v1/auth/verify", body))[0] == 200
    assert (await api.post("/v1/auth/verify", body))[1]["code"] == "nonce-used"
    made_up = await sign_in_message(api, address(SELLER), nonce="0" * 42)
    said = {"message": made_up, "signature": signed_text(made_up, SELLER)}
    assert (await api.post("/v1/auth/verify", said))[1]["code"] == "nonce-invalid"
    long = {"message": "a" * 4_097, "signature": "0x"}
    assert (await api.post("/v1/auth/verify", long))[1]["code"] == "text-too-long"


async def signed_in(api: Api, who: int, chain: ChainId = HERE) -> str:
    message = await sign_in_message(api, address(who), chain)
    status, entry = await api.post("/v1/auth/verify", {"message": message, "signature": signed_text(message, who)})
    assert status == 200, entry
    return str(entry["token"])


def signed_text(message: str, who: int) -> str:
    return "0x" + signature(digest(message), who).hex()


async def sign_in_message(api: Api, who: Address, chain: ChainId = HERE, nonce: str | None = None) -> str:
    given = nonce or (await api.get("/v1/auth/nonce"))[1]["nonce"]
    issued = datetime.fromtimestamp(int(time.time()), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    site = f"127.0.0.1:{api.port}"
    return (
        f"{site} wants you to sign in with your Ethereum account:\n{checksummed(who)}\n\n\nURI: http://{site}/\n"
        f"Version: 1\nChain ID: {chain}\nNonce: {given}\nIssued At: {issued}"
    )


async def test_a_draft_that_is_no_listing_gets_no_steps(place: Place, api: Api) -> None:
    for code, wrong in (
        ("price-zero", {"price": "0"}),
        ("not-owner", {"identifier": str(10**30)}),
        ("item-type-wrong", {"itemType": "erc1155"}),
        ("chain-unknown", {"chain": "eip155:999"}),
    ):
        _, problem = await api.post("/v1/steps/list", {"listing": draft(place, 703) | wrong})
        assert problem["code"] == code

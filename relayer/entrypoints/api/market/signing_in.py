"""Sign-in with Ethereum: for what a listing's own signature does not say."""

from __future__ import annotations

from fastapi import APIRouter, Response

from relayer.domain.market.form import Refused
from relayer.domain.market.sign_in import OLDEST, check, digest, parse
from relayer.entrypoints.api.market.answers import when
from relayer.entrypoints.api.market.dealings import Entry, Nonce
from relayer.entrypoints.api.market.orders import SignedIn
from relayer.entrypoints.api.market.state import TheMarket
from relayer.entrypoints.api.models import caip10
from relayer.entrypoints.api.problems import documented
from relayer.entrypoints.market.signatures import check_signature

router = APIRouter(prefix="/v1/auth", tags=["sign-in"], responses=documented(429))


@router.get("/nonce")
async def nonce(market: TheMarket, response: Response) -> Nonce:
    """Something to sign, good for ten minutes and once."""
    response.headers["Cache-Control"] = "no-store"
    now = market.now()
    return Nonce(nonce=market.doors.nonce(now), expires=when(now + OLDEST))


@router.post("/verify", responses=documented(404, 413, 422, 503))
async def verify(market: TheMarket, signed: SignedIn, response: Response) -> Entry:
    """A bearer token for whoever signed the message (EIP-4361; EIP-1271 for contracts)."""
    response.headers["Cache-Control"] = "no-store"
    try:
        sign_in = parse(signed.message)
        now = market.now()
        check(sign_in, market.doors.domains, now)
        market.doors.check_nonce(sign_in.nonce, now)
        chain = market.chain(sign_in.chain)
        await check_signature(chain, sign_in.address, digest(signed.message), signed.signature)
    except UnicodeEncodeError:
        raise Refused("sign-in-malformed", "the message is not by EIP-4361") from None
    bearer = market.doors.enter(sign_in, now)
    account = caip10(bearer.chain, bearer.account)
    return Entry(token=market.doors.token(bearer), expires=when(bearer.expires), account=account)

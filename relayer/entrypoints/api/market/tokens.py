"""The token list, in the form of Uniswap's, with where each token is wrapped."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import Field

from relayer.domain.market.views import TokenView
from relayer.entrypoints.api.market.models import bare_address
from relayer.entrypoints.api.market.state import TheMarket
from relayer.entrypoints.api.models import Model
from relayer.entrypoints.api.problems import documented

router = APIRouter(prefix="/v1/tokens", tags=["tokens"], responses=documented(429, 503))


class Version(Model):
    major: int
    minor: int
    patch: int


class Token(Model):
    """One token on one chain."""

    chain_id: int
    address: str = bare_address()
    name: str
    symbol: str
    decimals: int
    extensions: dict[str, Any] = Field(description="bridgeInfo: the same token elsewhere, by chain id.")


class TokenList(Model):
    """A list by https://uniswap.org/tokenlist.schema.json."""

    name: str
    timestamp: datetime
    version: Version
    tokens: list[Token]


@router.get("")
async def tokens(market: TheMarket) -> TokenList:
    """Every token that the bridge knows, at home and wrapped."""
    known = await market.ledger.tokens()
    read_to = max((each.timestamp for each in await market.ledger.chains()), default=0)
    listed = [token for view in known for token in _everywhere(view)]
    version = Version(major=1, minor=len(known), patch=len(listed))
    return TokenList(name="Lockkeeper", timestamp=datetime.fromtimestamp(read_to, UTC), version=version, tokens=listed)


def _everywhere(view: TokenView) -> list[Token]:
    places = (view.id, *view.wrapped)
    return [
        Token(
            chain_id=place.chain,
            address=str(place.address),
            name=view.name,
            symbol=view.symbol,
            decimals=view.decimals,
            extensions={
                "bridgeInfo": {
                    str(other.chain): {"tokenAddress": str(other.address)} for other in places if other != place
                },
                "home": {"chainId": view.id.chain, "address": str(view.id.address)},
            },
        )
        for place in places
    ]

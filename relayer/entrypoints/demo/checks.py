"""What must be true in the end: every original is back, and nothing of it is left anywhere."""

from __future__ import annotations

from dataclasses import dataclass

from light_clients.types import Address
from relayer.domain.errors import Rejected
from relayer.entrypoints.demo.people import AWAY, HOME, World
from relayer.entrypoints.demo.tokens import (
    AMOUNT,
    ELSEWHERE,
    HERON,
    HERON_URI,
    ROYALTY,
    SHELL_AMOUNTS,
    SHELLS,
    Contract,
    Token,
)


@dataclass(frozen=True, slots=True)
class Check:
    """One question, and whether its answer is right."""

    what: str
    passed: bool


async def heron_is_described(token: Token, world: World) -> Check:
    """While it is on the island, the wrapped heron says what the original says."""
    wrapped = await token.wrapped(world, AWAY)
    (uri,) = await Contract(world, AWAY, wrapped, "WrappedERC721").ask("tokenURI", HERON)
    receiver, royalty = await Contract(world, AWAY, wrapped, "WrappedERC721").ask("royaltyInfo", HERON, 10_000)
    right = (uri, receiver, royalty) == (HERON_URI, str(world.person(HOME)), ROYALTY)
    return Check(f"ERC-721: token URI and royalty came along to {AWAY}", right)


async def final_checks(token: Token, world: World) -> list[Check]:
    kind = token.standard
    empty = [await _supply(token, world, where) == 0 for where in ELSEWHERE]
    return [
        Check(f"{kind}: the original is back with its owner", await _held(token, world, owner=True)),
        Check(f"{kind}: wrapped supply is zero on {' and '.join(ELSEWHERE)}", all(empty)),
        Check(f"{kind}: custody is empty", not await _held(token, world, owner=False)),
    ]


async def _held(token: Token, world: World, *, owner: bool) -> bool:
    """Whether the owner holds all of it, or else the custody any of it."""
    holder = str(world.person(HOME) if owner else world.gateway(HOME))
    sample = token.created.name.split("/")[0]
    match token.standard:
        case "ERC-20":
            (balance,) = await Contract(world, HOME, token.address, sample).ask("balanceOf", holder)
            return bool(balance == AMOUNT if owner else balance > 0)
        case "ERC-721":
            (found,) = await Contract(world, HOME, token.address, sample).ask("ownerOf", HERON)
            return bool(found == holder)
        case _:
            question = [[holder] * len(SHELLS), list(SHELLS)]
            (balances,) = await Contract(world, HOME, token.address, sample).ask("balanceOfBatch", *question)
            return tuple(balances) == SHELL_AMOUNTS if owner else any(balances)


async def _supply(token: Token, world: World, where: str) -> int:
    wrapped = await token.wrapped(world, where)
    match token.standard:
        case "ERC-20":
            (supply,) = await Contract(world, where, wrapped, "WrappedERC20").ask("totalSupply")
            return int(supply)
        case "ERC-721":
            return await _herons(world, where, wrapped)
        case _:
            holders = [str(world.person(where))] * len(SHELLS)
            question = [holders, list(SHELLS)]
            (balances,) = await Contract(world, where, wrapped, "WrappedERC1155").ask("balanceOfBatch", *question)
            return int(sum(balances))


async def _herons(world: World, where: str, wrapped: Address) -> int:
    try:
        await Contract(world, where, wrapped, "WrappedERC721").ask("ownerOf", HERON)
    except Rejected:
        return 0
    return 1

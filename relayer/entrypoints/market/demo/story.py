"""One print's way: minted and listed, bought on another chain, delivered to a third; and two purchases that fail."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from relayer.domain.errors import Rejected
from relayer.entrypoints.demo.checks import Check
from relayer.entrypoints.devnet.folder import Folder
from relayer.entrypoints.market.demo.cast import DELIVERS, PAYS, SELLS, Cast, Role, caip2, caip10, cast, named
from relayer.entrypoints.market.demo.checks import after_refusal, after_sale, after_withdrawals, provenance_is_whole
from relayer.entrypoints.market.demo.dapp import Dapp, Deeds
from relayer.entrypoints.market.demo.goods import ABSURD, PRICE, SPLIT, Goods, goods


@dataclass(slots=True)
class Scene:
    """One thing that happens, as far as it has come."""

    who: str
    what: str
    chain: str
    state: str = "waiting"
    transaction: str = ""
    seconds: float | None = None
    """After the buyer's transaction was sent."""


@dataclass(slots=True)
class Payout:
    """What somebody gets of the sale."""

    role: str
    kind: str
    home: str
    """The chain on which the account is known."""
    amount: int
    transaction: str = ""
    """Of the withdrawal."""


@dataclass(slots=True)
class Story:
    """Everything that happens; `changed` is told of each scene."""

    scenes: list[Scene] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    provenance: list[Mapping[str, Any]] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)
    """By address."""
    checks: list[Check] = field(default_factory=list)
    changed: Callable[[Scene], None] = lambda _: None

    @property
    def passed(self) -> bool:
        complete = bool(self.scenes) and all(scene.state == "done" for scene in self.scenes)
        return complete and bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def end_to_end(self) -> float | None:
        """Seconds from the buyer's transaction until everybody is paid and the item is there."""
        ends = [scene.seconds for scene in self.scenes if scene.what in ("settled", "delivered")]
        return max((end for end in ends if end is not None), default=None)


SCENES = (
    ("artist", "mints a drop", SELLS),
    ("artist", "lists #1 for 1,000 PBL", SELLS),
    ("collector", "buys it", PAYS),
    ("marketplace", "sold", SELLS),
    ("settlement", "settled", PAYS),
    ("keeper", "delivered", DELIVERS),
    ("everybody", "withdraws what is theirs", PAYS),
    ("rival", "buys #1 too", PAYS),
    ("marketplace", "refused: sold already", SELLS),
    ("settlement", "money back", PAYS),
    ("artist", "lists #2 for 100,000 PBL", SELLS),
    ("rival", "buys it", PAYS),
    ("price breaker", "refused: far off the band", SELLS),
    ("settlement", "money back", PAYS),
)


async def tell(folder: Folder, story: Story) -> None:
    """All of it, over the API of a devnet that runs."""
    story.scenes.extend(Scene(*each) for each in SCENES)
    async with aiohttp.ClientSession() as session:
        people = cast(folder, session)
        story.people = {str(people.address(role)): role.value for role in Role}
        story.people[str(people.places[SELLS].addresses.asset_gateway)] = "custody"
        dapp = Dapp(folder.read().urls()["api"].rsplit("/v1", 1)[0], session, people)
        await Telling(story, people, dapp, goods(time.time_ns())).all()


class Telling:
    """One run of it."""

    def __init__(self, story: Story, people: Cast, dapp: Dapp, wares: Goods) -> None:
        self._story = story
        self._cast = people
        self._dapp = dapp
        self._goods = wares

    async def all(self) -> None:
        """In order; the rival asks what to do before the collector is faster."""
        self._done(await self._goods.prepare(self._cast))
        listing = await self._list(1, PRICE)
        first, second = await self._steps(Role.COLLECTOR, listing), await self._steps(Role.RIVAL, listing)
        sold = await self._buy(Role.COLLECTOR, first)
        self._story.payouts.extend(self._payouts(sold))
        self._story.checks += await after_sale(self._goods, self._cast, sold, self._story.payouts)
        await self._withdraw()
        self._story.checks += await after_withdrawals(self._goods, self._cast, self._dapp, self._story.payouts)
        await self._be_refused(second, "UnitsUnavailable")
        absurd = await self._list(2, ABSURD)
        await self._be_refused(await self._steps(Role.RIVAL, absurd), "PriceOutOfBand")
        await self._provenance(listing)

    async def _be_refused(self, steps: Sequence[Mapping[str, Any]], reason: str) -> None:
        refused = await self._buy(Role.RIVAL, steps)
        self._story.checks += await after_refusal(self._goods, self._cast, refused, reason)

    async def _list(self, number: int, price: int) -> str:
        """The listing's name."""
        payees = [{"recipient": str(self._cast.address(role)), "basisPoints": part} for role, part in SPLIT.items()]
        draft = {
            "chain": caip2(SELLS),
            "offerer": str(self._cast.address(Role.ARTIST)),
            "itemType": "erc721",
            "token": str(self._goods.prints.address),
            "identifier": str(number),
            "paymentChain": caip2(PAYS),
            "paymentToken": str(self._goods.pebbles.address),
            "price": str(price),
            "consideration": payees,
        }
        asked = await self._dapp.post("/steps/list", {"listing": draft})
        done = await self._dapp.do(Role.ARTIST, asked["steps"])
        submitted = {"listing": asked["listing"], "signature": done.signature}
        listed = await self._dapp.post("/listings", submitted)
        self._done(_last(done))

        async def is_active() -> bool:
            found = await self._dapp.get(f"/listings/{caip2(SELLS)}/{listed['hash']}")
            return bool(found["state"] == "active")

        await self._dapp.until(is_active, f"listing {listed['hash']} is active")
        return str(listed["hash"])

    async def _steps(self, buyer: Role, listing: str) -> Sequence[Mapping[str, Any]]:
        """What the buyer's wallet has to do."""
        order = {
            "chain": caip2(SELLS),
            "hash": listing,
            "buyer": str(self._cast.address(buyer)),
            "recipient": str(self._cast.address(Role.KEEPER)),
            "deliveryChain": caip2(DELIVERS),
            "returnTo": str(self._cast.address(buyer)),
        }
        steps: Sequence[Mapping[str, Any]] = (await self._dapp.post("/steps/buy", order))["steps"]
        return steps

    async def _buy(self, buyer: Role, steps: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """The purchase, when all of it is over."""
        done = await self._dapp.do(buyer, steps)
        self._done(_last(done), time.monotonic() - done.begun)
        ours = await self._dapp.until(lambda: self._opened(buyer, _last(done)), "the purchase is known")
        seen: set[str] = set()

        async def over() -> Mapping[str, Any] | None:
            found: Mapping[str, Any] = await self._dapp.get(f"/purchases/{ours['id']}")
            self._follow(found, seen, done.begun)
            return found if found["step"] == "done" else None

        ended: Mapping[str, Any] = await self._dapp.until(over, f"the end of purchase {ours['id']}")
        return ended

    async def _opened(self, buyer: Role, transaction: str) -> Mapping[str, Any] | None:
        found = await self._dapp.get("/purchases", buyer=str(self._cast.address(buyer)))
        return next(
            (each for each in found["purchases"] if each["transactions"]["opened"]["hash"] == transaction), None
        )

    def _follow(self, purchase: Mapping[str, Any], seen: set[str], begun: float) -> None:
        """Tell what is new. Settling and delivering come in either order; delivering comes after a sale only."""
        steps = purchase["transactions"]
        for name in ("answered", "ended", "delivered"):
            if name in seen or steps[name] is None or (name == "delivered" and purchase["state"] == "refunded"):
                continue
            seen.add(name)
            self._find(name, refused=purchase["reason"] is not None)(steps[name]["hash"], time.monotonic() - begun)

    def _find(self, name: str, *, refused: bool) -> Callable[[str, float], None]:
        """The first scene that waits for this."""
        words = {"answered": "refused" if refused else "sold", "ended": "money back" if refused else "settled"}
        wanted = words.get(name, "delivered")
        waiting = (each for each in self._story.scenes if each.state == "waiting" and each.what.startswith(wanted))
        scene = next(waiting, None)
        if scene is None:
            raise Rejected(f"a purchase was {name}, and that was not to be expected")

        def finish(transaction: str, seconds: float) -> None:
            scene.transaction, scene.seconds, scene.state = transaction, seconds, "done"
            self._story.changed(scene)

        return finish

    def _payouts(self, purchase: Mapping[str, Any]) -> list[Payout]:
        """As the API says who is paid."""
        found = []
        for receipt in purchase["receipts"]:
            role = self._cast.role(receipt["account"].split(":")[2])
            name = "nobody known" if role is None else role.value
            found.append(Payout(name, receipt["kind"], named(receipt["account"]), int(receipt["amount"])))
        return found

    async def _withdraw(self) -> None:
        """Everybody takes what is theirs, wherever they are known."""
        async with asyncio.TaskGroup() as group:
            for payout in self._story.payouts:
                group.create_task(self._pay_out(payout))
        self._done("")

    async def _pay_out(self, payout: Payout) -> None:
        role = Role(payout.role)
        wanted = {
            "chain": caip2(PAYS),
            "account": str(self._cast.address(role)),
            "homeChain": caip2(payout.home),
            "token": str(self._goods.pebbles.address),
            "to": str(self._cast.address(role)),
        }
        steps = (await self._dapp.post("/steps/withdraw", wanted))["steps"]
        payout.transaction = _last(await self._dapp.do(role, steps))

    async def _provenance(self, listing: str) -> None:
        """What the API tells of the print's life."""
        item = caip10(SELLS, self._goods.prints.address).rpartition(":")
        path = f"/items/{item[0]}/{item[2]}/1/provenance"

        async def whole() -> Sequence[Mapping[str, Any]] | None:
            steps: Sequence[Mapping[str, Any]] = (await self._dapp.get(path))["steps"]
            return steps if any(step["kind"] == "wrapped" for step in steps) else None

        self._story.provenance = list(await self._dapp.until(whole, "the provenance"))
        self._story.checks.append(provenance_is_whole(self._story.provenance, listing))

    def _done(self, transaction: str, seconds: float | None = None) -> None:
        """The next scene that nobody has to wait for is over."""
        scene = next(each for each in self._story.scenes if each.state == "waiting")
        scene.transaction, scene.seconds, scene.state = transaction, seconds, "done"
        self._story.changed(scene)


def _last(done: Deeds) -> str:
    """The last transaction's hash; nothing, if all was approved before."""
    return str(done.transactions[-1][1]["transactionHash"]) if done.transactions else ""

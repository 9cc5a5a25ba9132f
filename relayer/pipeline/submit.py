"""Brings calls onto one chain from one account: nothing leaves before it is stored, nothing stored is forgotten."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Never

from light_clients.crypto.keccak import keccak256
from light_clients.types import ChainId, Height
from relayer.domain.errors import InsufficientFunds, NonceTooLow, Rejected, Underpriced
from relayer.domain.facts import BatchEnded, Ending, Submit, TxSent
from relayer.domain.fees import bumped, market
from relayer.domain.ids import Gas, Wei
from relayer.domain.nonces import gaps, next_nonce
from relayer.domain.notices import AccountSeen, Purpose, TransactionEnded, TransactionOffered
from relayer.domain.submission import Attempt, Submission
from relayer.domain.transactions import Call, Fees, Price, Receipt, Transaction
from relayer.pipeline.engine import ChainState, Engine
from relayer.pipeline.errands import Errands
from relayer.ports import Signer, Submissions, TransactionCodec, Transactions

REPLACE_AFTER = 3
"""Blocks that a transaction may wait before it is sent again, with a higher price if it is next in line."""
LOST_AFTER = 3
"""Looks at a mined account nonce without a receipt for any of our transactions before another's is believed."""
_EMPTY_GAS = Gas(21_000)


@dataclass(frozen=True, slots=True)
class Account:
    """A key on a chain. Nobody else may use it there."""

    chain: ChainId
    transactions: Transactions
    signer: Signer
    codec: TransactionCodec


class Submitter:
    """Serves one account. Can be killed between any two lines: what is stored says how to go on."""

    def __init__(self, account: Account, engine: Engine, submissions: Submissions, errands: Errands) -> None:
        self._account = account
        self._chain = account.transactions
        self._engine = engine
        self._submissions = submissions
        self._errands = errands
        self._live: dict[int, Submission] = {}
        self._mined = 0
        self._followed: ChainState | None = None
        self._missing: dict[int, int] = {}
        self._priced: tuple[ChainState | None, Fees] | None = None
        self._told: AccountSeen | None = None

    async def run(self) -> Never:
        address = self._account.signer.address
        self._followed = None
        self._mined = await self._chain.account_nonce(address)
        live = await self._submissions.live(self._account.chain, address)
        self._live = {submission.nonce: submission for submission in live}
        for submission in live:
            if submission.receipt is None and submission.nonce >= self._mined:
                await self._broadcast(submission)
        wake = self._engine.submit(self._account.chain)
        while True:
            effects = await self._submissions.waiting(self._account.chain)
            await self._tell(len(effects) + self._errands.waiting)
            for effect in effects:
                await self._submit(effect)
            while (call := self._errands.take()) is not None:
                nonce = next_nonce(self._mined, self._live)
                await self._reserve(await self._signed(nonce, call, market(await self._fees())))
            await self._follow()
            await wake.wait()

    async def _tell(self, queued: int) -> None:
        """How the account stands, when that has changed."""
        live = tuple(sorted(nonce for nonce, each in self._live.items() if each.receipt is None))
        stands = AccountSeen(self._account.chain, self._account.signer.address, self._mined, queued, live)
        if stands != self._told:
            self._told = stands
            await self._engine.post(stands)

    async def _submit(self, effect: Submit) -> None:
        nonce = next_nonce(self._mined, self._live)
        submission = await self._signed(nonce, effect.call, market(await self._fees()))
        submission = replace(submission, lane=effect.lane, batch=effect.batch)
        await self._reserve(submission)

    async def _reserve(self, submission: Submission) -> None:
        await self._submissions.reserve(submission)
        self._live[submission.nonce] = submission
        await self._broadcast(submission)

    async def _signed(self, nonce: int, call: Call, price: Price) -> Submission:
        transaction = Transaction(self._account.chain, nonce, price, call)
        attempt = await self._attempt(transaction)
        return Submission(self._account.signer.address, transaction, (attempt,), lane=None, batch=None)

    async def _attempt(self, transaction: Transaction) -> Attempt:
        codec, state = self._account.codec, self._engine.chain(self._account.chain)
        signature = await self._account.signer.sign(keccak256(codec.encode_unsigned(transaction)))
        raw = codec.encode_signed(transaction, signature)
        height = state.head.number if state else 0
        return Attempt(keccak256(raw), raw, transaction.price, Height(height))

    async def _broadcast(self, submission: Submission) -> None:
        try:
            await self._chain.broadcast(submission.newest.raw)
        except NonceTooLow:
            return  # it is mined already, or another transaction is: its receipt will tell
        except Underpriced:
            await self._replace(submission)
            return
        except InsufficientFunds:
            raise
        except Rejected as error:
            await self._end(submission, Ending.DROPPED, None, str(error))
            return
        attempt, newest = len(submission.attempts), submission.newest
        place = self._account.chain, submission.account, submission.nonce
        offered = TransactionOffered(*place, _purpose(submission), attempt)
        if submission.lane is not None and submission.batch is not None:
            await self._engine.post(TxSent(submission.lane, submission.batch, newest.hash, attempt), offered)
        else:
            await self._engine.post(offered)

    async def _replace(self, submission: Submission) -> None:
        """Offer more for the same nonce, until the node takes it or the ceiling is reached."""
        price = bumped(submission.newest.price, await self._fees())
        if price is None:
            return
        attempt = await self._attempt(replace(submission.transaction, price=price))
        await self._submissions.attempt(submission, attempt)
        submission = replace(submission, attempts=(*submission.attempts, attempt))
        self._live[submission.nonce] = submission
        await self._broadcast(submission)

    async def _follow(self) -> None:
        """See every live transaction through, each time the chain has been read further."""
        state = self._engine.chain(self._account.chain)
        before = self._followed
        if state is None or state == before:
            return
        reorged = before is not None and state.reorgs != before.reorgs
        if self._live:
            mined = await self._chain.account_nonce(self._account.signer.address)
            self._mined = mined if reorged else max(mined, self._mined)
        for submission in sorted(self._live.values(), key=lambda each: each.nonce):
            if submission.receipt is not None:
                await self._settle(submission, state, reorged=reorged)
            elif submission.nonce < self._mined:
                await self._find(submission, state)
            elif state.head.number - submission.newest.height >= REPLACE_AFTER:
                await self._push(submission, state)
        for nonce in gaps(self._mined, self._live):
            empty = Call(self._account.signer.address, b"", _EMPTY_GAS)
            await self._reserve(await self._signed(nonce, empty, market(await self._fees())))
        self._followed = state

    async def _push(self, submission: Submission, state: ChainState) -> None:
        """It has been waiting: pay more if it is next in line, and say it again in any case."""
        if submission.nonce == self._mined and bumped(submission.newest.price, await self._fees()):
            await self._replace(submission)
        elif (state.head.number - submission.newest.height) % REPLACE_AFTER == 0:
            await self._broadcast(submission)

    async def _find(self, submission: Submission, state: ChainState) -> None:
        """The account nonce is mined: by which transaction?"""
        receipt = await self._receipt(submission)
        if receipt is None:
            missing = self._missing.get(submission.nonce, 0) + 1
            self._missing[submission.nonce] = missing
            if missing >= LOST_AFTER:
                await self._end(submission, Ending.DROPPED, None, "its account nonce went to another transaction")
        elif receipt.block.number <= state.head.number:  # what it did has been read
            await self._landed(submission, receipt, state)

    async def _landed(self, submission: Submission, receipt: Receipt, state: ChainState) -> None:
        if not receipt.succeeded:
            await self._end(submission, Ending.REVERTED, receipt, "reverted on chain")
        elif receipt.block.number <= state.final:
            await self._end(submission, Ending.SETTLED, receipt, "")
        else:
            await self._submissions.mined(submission, receipt)
            self._live[submission.nonce] = replace(submission, receipt=receipt)

    async def _settle(self, submission: Submission, state: ChainState, *, reorged: bool) -> None:
        """Look again before it is called final, and after every reorganisation."""
        assert submission.receipt is not None
        if submission.receipt.block.number > state.final and not reorged:
            return
        receipt = await self._receipt(submission)
        if receipt is not None:
            await self._landed(submission, receipt, state)
            return
        await self._submissions.mined(submission, None)
        submission = replace(submission, receipt=None)
        self._live[submission.nonce] = submission
        await self._broadcast(submission)

    async def _fees(self) -> Fees:
        """Asked once a block."""
        state = self._engine.chain(self._account.chain)
        if self._priced is None or self._priced[0] != state:
            self._priced = (state, await self._chain.fees())
        return self._priced[1]

    async def _receipt(self, submission: Submission) -> Receipt | None:
        for attempt in reversed(submission.attempts):
            receipt = await self._chain.receipt(attempt.hash)
            if receipt is not None:
                return receipt
        return None

    async def _end(self, submission: Submission, ending: Ending, receipt: Receipt | None, reason: str) -> None:
        gas_used = receipt.gas_used if receipt else None
        if submission.lane is not None and submission.batch is not None:
            await self._engine.post(BatchEnded(submission.lane, submission.batch, ending, gas_used, reason))
        else:
            await self._submissions.ended(submission)
        self._live.pop(submission.nonce, None)
        self._missing.pop(submission.nonce, None)
        place = self._account.chain, submission.account, submission.nonce
        cost = Wei(receipt.gas_used * receipt.price) if receipt else Wei(0)
        ended = TransactionEnded(*place, _purpose(submission), ending.value, gas_used or Gas(0), cost)
        await self._engine.post(ended)


def _purpose(submission: Submission) -> Purpose:
    if submission.batch is not None:
        return Purpose.DELIVERY
    call = submission.transaction.call
    return Purpose.ERRAND if call.data or call.to != submission.account else Purpose.GAP

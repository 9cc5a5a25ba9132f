"""BFT and Clique clients a second time: off the rules alone, slow and plain, sharing no code with the real ones.

RLP is pyrlp's, keccak eth-utils', recovery coincurve's. Whatever is wrong is `Refused`, without saying which rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import rlp
from coincurve import PublicKey
from eth_utils.crypto import keccak

ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
ISTANBUL = bytes.fromhex("63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365")
DRIFT = 60

# of every fork's header, in order: a number says of how many bytes, a negative one that it is an integer of at most so
# many, None that it may be anything
FIELDS = (32, 32, 20, 32, 32, 32, 256, -32, -8, -8, -8, -8, None, 32, 8, -32, 32, -8, -8, 32, 32)
LENGTHS = (15, 16, 17, 19, 20, 21)
PARENT, STATE, RECEIPTS, DIFFICULTY, NUMBER, TIME, EXTRA, MIX = 0, 3, 5, 7, 8, 11, 12, 13


class Refused(Exception):
    """A rule is broken."""


def check(fine: bool) -> None:
    if not fine:
        raise Refused


def item_at(data: bytes, offset: int) -> tuple[Any, int]:
    """The RLP item there, and where it ends."""
    check(offset < len(data))
    try:
        item, _, end = rlp.codec.consume_item(data, offset)
    except (rlp.exceptions.DecodingError, IndexError) as error:
        raise Refused from error
    check(end <= len(data))
    return item, end


def check_fields(fields: Any, count: int) -> None:
    check(isinstance(fields, (list, tuple)) and len(fields) >= count)
    for value, size in zip(fields[:count], FIELDS, strict=False):
        check(isinstance(value, bytes))
        if size is not None:
            check(len(value) == size if size > 0 else len(value) <= -size and value[:1] != b"\0")


def number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def signer(digest: bytes, r: int, s: int, v: int) -> bytes:
    check(0 < r < ORDER and 0 < s <= ORDER // 2 and v in (0, 1))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([v])
    try:
        key = PublicKey.from_signature_and_message(signature, digest, hasher=None)
    except ValueError as error:
        raise Refused from error
    return keccak(key.format(compressed=False)[1:])[12:]


def check_complete(fields: Any) -> None:
    check(number(fields[NUMBER]) > 0 and number(fields[TIME]) > 0)
    check(any(fields[STATE]) and any(fields[RECEIPTS]))


@dataclass
class PlainBft:
    """What the contract knows; changed in place by what is accepted."""

    qbft: bool
    validators: list[bytes]
    height: int
    time: int
    block_hash: bytes
    period: int

    def accept(self, update: bytes, now: int) -> tuple[int, bytes]:
        """The last step's height and hash."""
        last, at = self.step(update, 0, now)
        while at < len(update):
            last, at = self.step(update, at, now)
        return last

    def step(self, data: bytes, start: int, now: int) -> tuple[tuple[int, bytes], int]:
        fields, at = item_at(data, start)
        header = data[start:at]
        check_fields(fields, 15)
        listed, block_hash = self.extra(fields)
        check(len(data) >= at + 32)
        bits = [i for i in range(256) if number(data[at : at + 32]) >> i & 1]
        check(all(i < len(listed) for i in bits))
        seals, at = data[at + 32 : at + 32 + 64 * len(bits)], at + 32 + 64 * len(bits)
        check(len(data) >= at + 2)
        end = at + 2 + 21 * number(data[at : at + 2])
        check(len(data) >= end)
        given = data[at + 2 : end]

        check_complete(fields)
        check(fields[MIX] == ISTANBUL and now <= self.time + self.period)
        height, time = number(fields[NUMBER]), number(fields[TIME])
        check(time <= now + DRIFT and 3 * len(bits) >= 2 * len(listed))
        for place, i in enumerate(bits):
            r, vs = number(seals[64 * place :][:32]), number(seals[64 * place + 32 :][:32])
            check(signer(keccak(header), r, vs % 2**255, vs >> 255) == listed[i])
        if listed == self.validators:
            check(not given)
        else:
            check(height > self.height and given == b"".join(b"\x94" + one for one in self.validators))
            child = height == self.height + 1 and fields[PARENT][:16] == self.block_hash[:16]
            known, all_ = len({listed[i] for i in bits} & set(self.validators)), len(self.validators)
            check(known > (all_ - 1) // 3 if child else 3 * known >= 2 * all_)
        if height > self.height:
            self.validators, self.height, self.time, self.block_hash = listed, height, time, block_hash
        return (height, block_hash), end

    def extra(self, fields: Any) -> tuple[list[bytes], bytes]:
        """The validators, and the hash of the block."""
        items, end = item_at(fields[EXTRA], 0)
        check(end == len(fields[EXTRA]) and isinstance(items, (list, tuple)) and len(items) == 4 + self.qbft)
        vanity, listed, vote, round_ = items[:4]
        check(isinstance(vanity, bytes) and isinstance(listed, (list, tuple)) and isinstance(round_, bytes))
        check(all(isinstance(one, bytes) and len(one) == 20 for one in listed) and 0 < len(listed) <= 256)
        check(all(a < b for a, b in zip([bytes(20), *listed], listed, strict=False)))
        check(len(round_) <= 4 and round_[:1] != b"\0" and not items[4] if self.qbft else len(round_) == 4)
        check(not self.qbft or not isinstance(items[4], bytes))
        covered = [vanity, listed, vote, b"", []] if self.qbft else [vanity, listed, vote]
        return list(listed), keccak(rlp.encode([*fields[:EXTRA], rlp.encode(covered), *fields[EXTRA + 1 :]]))


@dataclass
class PlainClique:
    """What the contract knows."""

    signers: list[bytes]
    epoch: int
    confirmations: int
    time: int
    period: int

    def accept(self, update: bytes, now: int) -> tuple[int, bytes]:
        """The target's height and hash."""
        count = number(update[:2])
        check(len(update) >= 2 + 20 * count and update[2 : 2 + 20 * count] == b"".join(self.signers))
        headers: list[tuple[Any, bytes]] = []
        at = 2 + 20 * count
        while not headers or at < len(update):
            fields, end = item_at(update, at)
            check(isinstance(fields, (list, tuple)) and len(fields) in LENGTHS)
            check_fields(fields, len(fields))
            headers.append((fields, keccak(update[at:end])))
            at = end
        check(now <= self.time + self.period)
        check(all(number(fields[TIME]) <= now + DRIFT for fields, _ in headers))
        check_complete(headers[0][0])
        for (fields, _), (parent, hash_) in zip(headers[1:], headers, strict=False):
            check(number(fields[NUMBER]) == number(parent[NUMBER]) + 1 and fields[PARENT] == hash_)
        sealers = [self.sealer(fields) for fields, _ in headers]
        window = len(self.signers) // 2 + 1
        for end in range(len(sealers)):
            trusted = [one for one in sealers[max(0, end - window + 1) : end + 1] if one in self.signers]
            check(len(trusted) == len(set(trusted)))
        on_top = [one for one in sealers[1:] if one in self.signers]
        check(len(on_top) >= self.confirmations and 2 * len(set(on_top)) > len(self.signers))
        listed = self.listed(headers[0][0])
        check(all(a < b for a, b in zip([bytes(20), *listed], listed, strict=False)) and len(listed) <= 256)
        return number(headers[0][0][NUMBER]), headers[0][1]

    def listed(self, fields: Any) -> Sequence[bytes]:
        middle = fields[EXTRA][32:-65]
        return [middle[i : i + 20] for i in range(0, len(middle), 20)]

    def sealer(self, fields: Any) -> bytes:
        extra = fields[EXTRA]
        check(number(fields[DIFFICULTY]) in (1, 2) and len(extra) >= 97 and (len(extra) - 97) % 20 == 0)
        check((len(extra) > 97) == (number(fields[NUMBER]) % self.epoch == 0))
        digest = keccak(rlp.encode([*fields[:EXTRA], extra[:-65], *fields[EXTRA + 1 :]]))
        return signer(digest, number(extra[-65:-33]), number(extra[-33:-1]), extra[-1])

"""Receipt proofs over blocks made for the purpose: every type and place that must pass, every fault that must not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from light_clients.crypto.keccak import keccak256
from light_clients.evm.receipts import Log, Receipt, pack_receipt_proof, receipt_key
from light_clients.evm.rlp import Encodable, encode
from light_clients.evm.trie import EMPTY_ROOT, Trie
from light_clients.types import ZERO_HASH, Address, Bloom, Hash32

GATEWAY = Address.from_hex("0x000000000000000000000000000000000006a7e1")
EVENT = keccak256(b"MessageAccumulated(uint64,uint64,bytes32,uint128,uint32,uint64,uint8)")
DESTINATION = Hash32((31338).to_bytes(32, "big"))
WORD = keccak256(b"accumulator")
BLOOM = Bloom(bytes(range(256)))

Case = dict[str, str]


def accumulated(nonce: int = 1, word: bytes = WORD, destination: Hash32 = DESTINATION) -> Log:
    """What the gateway says of a message."""
    rest = [0, 200_000, 0, 0]
    data = word + b"".join(value.to_bytes(32, "big") for value in rest)
    return Log(GATEWAY, (EVENT, destination, Hash32(nonce.to_bytes(32, "big"))), data)


def other(seed: int = 1, topics: int = 4, data: bytes = b"another contract's") -> Log:
    """What somebody else says."""
    return Log(Address(keccak256(bytes((seed,)))[12:]), tuple(keccak256(bytes((seed, i))) for i in range(topics)), data)


def receipt(*logs: Log, kind: int = 2, outcome: bool | Hash32 = True, gas: int = 123_456) -> Receipt:
    return Receipt(kind, outcome, gas, BLOOM, logs)


@dataclass(frozen=True)
class Block:
    """The receipts of a block, of which one is of interest; the others are a plain transfer's."""

    values: tuple[bytes, ...]

    @property
    def trie(self) -> Trie:
        return Trie({receipt_key(place): value for place, value in enumerate(self.values)})

    @property
    def root(self) -> Hash32:
        return self.trie.root

    def nodes(self, place: int) -> bytes:
        return self.trie.prove(receipt_key(place))

    def proof(self, place: int, log: int = 0) -> bytes:
        return pack_receipt_proof(place, log, self.nodes(place))


def block(value: Receipt | bytes, place: int = 0, count: int = 1) -> Block:
    raw = value if isinstance(value, bytes) else value.encode()
    transfer = receipt(gas=21_000).encode()
    return Block(tuple(raw if each == place else transfer for each in range(count)))


def case(name: str, root: bytes, proof: bytes, *, value: bytes = ZERO_HASH, rejects: str = "") -> Case:
    return {
        "emitter": str(GATEWAY),
        "name": name,
        "proof": "0x" + proof.hex(),
        "receiptsRoot": "0x" + root.hex(),
        "rejects": rejects,
        "topic0": str(EVENT),
        "topic1": str(DESTINATION),
        "value": "0x" + value.hex(),
    }


def passing(name: str, logs: Sequence[Log], *, log: int = 0, place: int = 0, count: int = 1, kind: int = 2) -> Case:
    made = block(receipt(*logs, kind=kind), place, count)
    return case(name, made.root, made.proof(place, log), value=logs[log].data[:32])


def valid() -> list[Case]:
    types = ("legacy", "EIP-2930", "EIP-1559", "EIP-4844", "EIP-7702")
    cases = [passing(f"a receipt of type {name}", [accumulated()], kind=kind) for kind, name in enumerate(types)]
    places = [(0, 1), (0, 2), (1, 2), (7, 16), (0, 127), (127, 128), (128, 129), (15, 130), (200, 300), (256, 300)]
    cases += [passing(f"place {p} of {n}", [accumulated()], place=p, count=n) for p, n in places]
    chatter = [other(seed, seed % 5, bytes(seed)) for seed in range(70)]
    many = [*chatter, accumulated(1), other(80, 0, b""), accumulated(2, keccak256(b"later"))]
    cases += [
        passing("the first of two messages", [accumulated(1), accumulated(2, keccak256(b"later"))]),
        passing("the second of two messages", [accumulated(1), accumulated(2, keccak256(b"later"))], log=1),
        passing("log 70 of 73", many, log=70),
        passing("the last of 73 logs", many, log=72),
        passing("log 300, which takes two bytes", [*[other(1, 0, b"")] * 300, accumulated()], log=300),
        passing("a log without topics before it", [other(1, 0, b""), accumulated()], log=1),
        passing("an accumulator of zeros", [accumulated(word=bytes(32))]),
        passing("data of one word", [Log(GATEWAY, (EVENT, DESTINATION), WORD)]),
    ]
    for name, gas in [("no gas", 0), ("gas of one small byte", 5), ("the most gas", 2**64 - 1)]:
        made = block(receipt(accumulated(), gas=gas))
        cases.append(case(name, made.root, made.proof(0), value=WORD))
    return cases


def rejected() -> list[Case]:
    return other_logs() + rearrangements() + malformed_prefixes() + malformed_receipts() + malformed_logs()


def faulty(name: str, value: Receipt | bytes, rejects: str, log: int = 0) -> Case:
    made = block(value, 1, 3)
    return case(name, made.root, made.proof(1, log), rejects=rejects)


def other_logs() -> list[Case]:
    nonce = Hash32(bytes(31) + b"\1")
    emitter, topic, index = "LogEmitterMismatch", "LogTopicMismatch", "LogIndexOutOfRange"
    stranger = Log(other().address, accumulated().topics, accumulated().data)
    delivered = keccak256(b"BatchDelivered(uint64,uint64,uint64,bytes32,address)")
    logs = {
        "another contract's look-alike": (stranger, emitter),
        "another event of the gateway": (Log(GATEWAY, (delivered, DESTINATION, nonce), WORD), topic),
        "a message to another destination": (accumulated(destination=Hash32(bytes(31) + b"\1")), topic),
        "a message to a destination of more bits": (accumulated(destination=Hash32(b"\1" + DESTINATION[1:])), topic),
        "no topics": (Log(GATEWAY, (), accumulated().data), topic),
        "the event without its destination": (Log(GATEWAY, (EVENT,), accumulated().data), topic),
        "the topics the other way round": (Log(GATEWAY, (DESTINATION, EVENT), accumulated().data), topic),
        "no data": (Log(GATEWAY, (EVENT, DESTINATION, nonce), b""), "LogDataTooShort"),
        "data of 31 bytes": (Log(GATEWAY, (EVENT, DESTINATION, nonce), WORD[1:]), "LogDataTooShort"),
    }
    cases = [faulty(name, receipt(log), error) for name, (log, error) in logs.items()]
    both = receipt(accumulated(), other())
    return [
        *cases,
        faulty("the log beside it", both, emitter, log=1),
        faulty("the log behind the last", both, index, log=2),
        faulty("log 65,535", both, index, log=65_535),
        faulty("log 256 of one, which is log 0 in one byte", receipt(accumulated()), index, log=256),
        faulty("a receipt without logs", receipt(), index),
        faulty("a receipt from before Byzantium", receipt(accumulated(), kind=0, outcome=WORD), "ReceiptWithoutStatus"),
        faulty("a failed transaction", receipt(accumulated(), outcome=False), "ReceiptFailed"),
    ]


def rearrangements() -> list[Case]:
    made = block(receipt(accumulated()), 3, 40)
    root, nodes, key = made.root, made.trie.path(receipt_key(3)), receipt_key(3)
    blob = made.proof(3)
    flipped = bytearray(blob)
    flipped[-1] ^= 1
    mismatch, truncated, trailing = "TrieNodeHashMismatch", "RlpTruncated", "ProofTrailingBytes"
    absent = made.trie.prove(receipt_key(40))

    def packed(*path: bytes) -> bytes:
        return pack_receipt_proof(3, 0, b"".join(path))

    return [
        case("no nodes", root, packed(), rejects=truncated),
        case("the root node missing", root, packed(*nodes[1:]), rejects=mismatch),
        case("the last node missing", root, packed(*nodes[:-1]), rejects=truncated),
        case("the last byte missing", root, blob[:-1], rejects=truncated),
        case("one bit changed", root, bytes(flipped), rejects=mismatch),
        case("a byte behind", root, blob + b"\0", rejects=trailing),
        case("a node behind", root, packed(*nodes, nodes[-1]), rejects=trailing),
        case("a node twice", root, packed(nodes[0], *nodes), rejects=mismatch),
        case("nodes in another order", root, packed(*reversed(nodes)), rejects=mismatch),
        case("the proof of another block", block(receipt(other())).root, blob, rejects=mismatch),
        case("another place with the same nodes", root, b"\0\0\0\1\4" + b"".join(nodes), rejects=mismatch),
        case("a place beyond the last", root, pack_receipt_proof(40, 0, absent), rejects="TrieKeyAbsent"),
        case("a block without transactions", EMPTY_ROOT, pack_receipt_proof(0, 0, b""), rejects="TrieKeyAbsent"),
        case("a receipts root of zero", ZERO_HASH, b"\0\0\0\1" + key + b"".join(nodes), rejects="TrieRootEmpty"),
    ]


def malformed_prefixes() -> list[Case]:
    made = block(receipt(accumulated()), 3, 40)
    nodes = made.nodes(3)
    malformed, canonical = "ReceiptProofMalformed", "RlpNonCanonical"
    proofs = {
        "nothing at all": (b"", malformed),
        "one zero": (b"\0", malformed),
        "no length of the key": (b"\0\0\0", malformed),
        "no storage proof and no receipt proof": (b"\1\0\0\1\3" + nodes, malformed),
        "a key of no bytes": (b"\0\0\0\0" + nodes, malformed),
        "a key longer than the proof": (b"\0\0\0\x09\x88" + bytes(7), malformed),
        "a key of the byte zero": (b"\0\0\0\1\0" + nodes, malformed),
        "a key in a superfluous prefix": (b"\0\0\0\2\x81\3" + nodes, canonical),
        "a key with a leading zero": (b"\0\0\0\3\x82\0\3" + nodes, malformed),
        "a key that is a list": (b"\0\0\0\2\xc1\3" + nodes, malformed),
        "bytes behind the key": (b"\0\0\0\2\3\3" + nodes, malformed),
        "a key cut short": (b"\0\0\0\1\x81" + nodes, "RlpTruncated"),
        "a key of nine bytes": (b"\0\0\0\x0a\x89" + b"\1" * 9 + nodes, malformed),
        "a key of 64 bytes": (b"\0\0\0\x42\xb8\x40" + b"\1" * 64 + nodes, malformed),
    }
    return [case(name, made.root, proof, rejects=error) for name, (proof, error) in proofs.items()]


def fields(*items: Encodable, kind: bytes = b"\2") -> bytes:
    return kind + encode(list(items))


def malformed_receipts() -> list[Case]:
    status, gas, bloom = b"\1", b"\5\4", bytes(BLOOM)
    log = accumulated()
    logs: list[Encodable] = [[bytes(log.address), [bytes(topic) for topic in log.topics], log.data]]
    good = fields(status, gas, bloom, logs)
    malformed = "ReceiptMalformed"
    receipts = {
        "an unknown type": b"\5" + good[1:],
        "type 0 by its byte": b"\0" + good[1:],
        "a deposit of an OP Stack": b"\x7e" + good[1:],
        "the greatest type": b"\x7f" + good[1:],
        "two types": b"\2" + good,
        "a type and nothing behind": b"\2" + encode(bytes(300)),
        "a receipt that is a string": encode(good[1:]),
        "a receipt of three items": fields(status, gas, bloom),
        "a receipt of five items": fields(status, gas, bloom, logs, b""),
        "bytes behind the receipt": good + b"\0",
        "a status of two": fields(b"\2", gas, bloom, logs),
        "a status of zero as a byte": fields(b"\0", gas, bloom, logs),
        "a status of two bytes": fields(b"\1\1", gas, bloom, logs),
        "a status that is a list": fields([b"\1"], gas, bloom, logs),
        "a root in a typed receipt": fields(bytes(WORD), gas, bloom, logs),
        "a root of 31 bytes": fields(bytes(WORD)[1:], gas, bloom, logs, kind=b""),
        "gas with a leading zero": fields(status, b"\0\5", bloom, logs),
        "gas of nine bytes": fields(status, b"\1" * 9, bloom, logs),
        "gas that is a list": fields(status, [gas], bloom, logs),
        "a bloom of 255 bytes": fields(status, gas, bloom[1:], logs),
        "a bloom of 257 bytes": fields(status, gas, bloom + b"\0", logs),
        "a bloom that is a list": fields(status, gas, [bloom], logs),
        "logs that are a string": fields(status, gas, bloom, encode(logs)),
    }
    cases = [faulty(name, value, malformed) for name, value in receipts.items()]
    body = encode([status, gas, bloom, logs])
    return [
        *cases,
        faulty("a receipt in a superfluous prefix", b"\2\xfa\0" + body[1:], "RlpNonCanonical"),
        faulty("a receipt cut short", good[:-1], "RlpTruncated"),
    ]


def malformed_logs() -> list[Case]:
    status, gas, bloom = b"\1", b"\5\4", bytes(BLOOM)
    address, topics, data = bytes(GATEWAY), [bytes(topic) for topic in accumulated().topics], accumulated().data
    malformed = "ReceiptMalformed"
    logs: dict[str, Encodable] = {
        "a log that is a string": encode([address, topics, data]),
        "a log of two items": [address, topics],
        "a log of four items": [address, topics, data, b""],
        "an empty log": [],
        "an emitter of 19 bytes": [address[1:], topics, data],
        "an emitter of 21 bytes": [b"\0" + address, topics, data],
        "an emitter that is a list": [[address], topics, data],
        "topics that are a string": [address, b"".join(topics), data],
        "a topic of 31 bytes": [address, [*topics[:2], topics[2][1:]], data],
        "a topic of 33 bytes": [address, [*topics[:2], topics[2] + b"\0"], data],
        "a topic that is a list": [address, [*topics[:2], [topics[2]]], data],
        "five topics": [address, [*topics, topics[2], topics[2]], data],
        "data that is a list": [address, topics, [data]],
    }
    cases = [faulty(name, fields(status, gas, bloom, [log]), malformed) for name, log in logs.items()]
    inner = encode(address) + encode(topics) + b"\xb9\0\xa0" + data
    padded = b"\xf9" + len(inner).to_bytes(2, "big") + inner
    return [*cases, faulty("data in a superfluous prefix", spliced(status, gas, bloom, padded), "RlpNonCanonical")]


def spliced(status: bytes, gas: bytes, bloom: bytes, log: bytes) -> bytes:
    """A receipt around a log that is encoded already, however badly."""
    logs = b"\xf9" + len(log).to_bytes(2, "big") + log
    body = encode(status) + encode(gas) + encode(bloom) + logs
    return b"\2\xf9" + len(body).to_bytes(2, "big") + body

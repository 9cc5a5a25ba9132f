"""Storage proofs over tries made for the purpose: every depth and shape that must pass, every fault that must not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from light_clients.crypto.keccak import keccak256
from light_clients.evm.accounts import EMPTY_CODE_HASH, Account, encode_slot
from light_clients.evm.rlp import Encodable, encode, encode_strings
from light_clients.evm.trie import EMPTY_ROOT, Trie
from light_clients.types import ZERO_HASH, Address, Hash32

ACCOUNT = Address.from_hex("0x00000000000000000000000000000000000a11ce")
SLOT = Hash32.from_hex("0x" + "00" * 31 + "07")
STATE_KEY = keccak256(ACCOUNT)
STORAGE_KEY = keccak256(SLOT)
WORD = keccak256(b"accumulator")

Case = dict[str, str]


@dataclass(frozen=True)
class World:
    """A state trie whose one interesting account has a storage trie whose one interesting slot is SLOT."""

    state: Trie
    storage: Trie

    @property
    def state_nodes(self) -> list[bytes]:
        return self.state.path(STATE_KEY)

    @property
    def storage_nodes(self) -> list[bytes]:
        return self.storage.path(STORAGE_KEY)

    @property
    def nodes(self) -> list[bytes]:
        return self.state_nodes + self.storage_nodes


def account_value(storage_root: bytes, nonce: int = 1, balance: int = 10**18) -> bytes:
    return Account(nonce, balance, Hash32(storage_root), EMPTY_CODE_HASH).encode()


def deep(key: bytes, value: bytes | None, branches: int, filler: bytes) -> Trie:
    """A trie in which full branches stand on the first `branches` digits of `key`'s path (or an empty place on it)."""
    path = key.hex()
    items = {} if value is None else {key: value}
    for depth in range(branches):
        for digit in f"{0:x}123456789abcdef".replace(path[depth], ""):
            prefix = path[:depth] + digit
            items[bytes.fromhex(prefix + keccak256(prefix.encode()).hex()[len(prefix) :])] = filler
    return Trie(items)


def near(key: bytes, shared: int, value: bytes) -> dict[bytes, bytes]:
    """A neighbour that shares the first `shared` digits of the path with `key`."""
    path = key.hex()
    other = f"{15 - int(path[shared], 16):x}"
    return {bytes.fromhex(path[:shared] + other + path[shared + 1 :]): value}


def world(state_depth: int = 3, storage_depth: int = 2, word: Hash32 = WORD) -> World:
    """A world whose proof has that many nodes of each trie."""
    return over(deep(STORAGE_KEY, encode_slot(word), storage_depth - 1, encode_slot(WORD)), state_depth)


def over(storage: Trie, state_depth: int = 2, *, present: bool = True, nonce: int = 1, balance: int = 10**18) -> World:
    value = account_value(storage.root, nonce, balance) if present else None
    return World(deep(STATE_KEY, value, state_depth - 1, account_value(EMPTY_ROOT)), storage)


def single(value: bytes, key: bytes = STATE_KEY) -> bytes:
    """The one leaf of a trie with one key."""
    return encode([b"\x20" + key, value])


def case(
    name: str, root: bytes, proof: Sequence[bytes] | bytes, *, value: bytes = ZERO_HASH, rejects: str = ""
) -> Case:
    blob = proof if isinstance(proof, bytes) else b"".join(proof)
    return {
        "account": str(ACCOUNT),
        "name": name,
        "proof": "0x" + blob.hex(),
        "rejects": rejects,
        "slot": str(SLOT),
        "stateRoot": "0x" + root.hex(),
        "value": "0x" + value.hex(),
    }


def valid() -> list[Case]:
    cases = [
        case(f"{state} account and {storage} storage nodes", w.state.root, w.nodes, value=WORD)
        for state, storage in [(1, 1), (2, 1), (3, 2), (8, 2), (8, 6), (10, 8)]
        for w in [world(state, storage)]
    ]
    words = {"one": 1, "0x7f": 0x7F, "0x80": 0x80, "an address": (1 << 160) - 1, "the greatest word": (1 << 256) - 1}
    for name, number in words.items():
        word = Hash32(number.to_bytes(32, "big"))
        cases.append(case(f"value {name}", (w := world(2, 2, word)).state.root, w.nodes, value=word))
    big = encode_slot(WORD)
    shapes = {
        "an extension above the slot's leaf": Trie({STORAGE_KEY: big} | near(STORAGE_KEY, 5, big)),
        "an extension of odd length": Trie({STORAGE_KEY: big} | near(STORAGE_KEY, 6, big)),
        "a branch with two children": Trie({STORAGE_KEY: big} | near(STORAGE_KEY, 0, big)),
    }
    cases += [case(name, (w := over(s)).state.root, w.nodes, value=WORD) for name, s in shapes.items()]
    five = Hash32(bytes(31) + b"\5")
    small = encode_slot(five)
    embedded = {
        "a leaf embedded in its branch": near(STORAGE_KEY, 60, big),
        "a branch and its leaf embedded in an extension": near(STORAGE_KEY, 61, small),
        "a leaf without path embedded in its branch": near(STORAGE_KEY, 63, big),
    }
    for name, neighbour in embedded.items():
        w = over(Trie({STORAGE_KEY: small} | neighbour))
        cases.append(case(name, w.state.root, w.nodes, value=five))
    storage = world().storage
    for name, nonce, balance in [("an account of zeros", 0, 0), ("greatest numbers", 2**64 - 1, 2**256 - 1)]:
        w = over(storage, nonce=nonce, balance=balance)
        cases.append(case(name, w.state.root, w.nodes, value=WORD))
    return cases


def rejected() -> list[Case]:
    return absences() + rearrangements() + malformed_nodes() + malformed_values()


def absences() -> list[Case]:
    big, account = encode_slot(WORD), account_value(EMPTY_ROOT)
    other = next(iter(near(STATE_KEY, 3, account)))
    states = {
        "no account: an empty place of a branch": deep(STATE_KEY, None, 3, account),
        "no account: a leaf that leads elsewhere": Trie(near(STATE_KEY, 9, account)),
        "no account: an extension that leads elsewhere": Trie({other: account} | near(other, 20, account)),
    }
    cases = [case(n, t.root, t.path(STATE_KEY), rejects="TrieKeyAbsent") for n, t in states.items()]
    stranger = next(iter(near(STORAGE_KEY, 3, big)))
    storages = {
        "no slot: an empty place of a branch": deep(STORAGE_KEY, None, 2, big),
        "no slot: a leaf that leads elsewhere": Trie(near(STORAGE_KEY, 9, big)),
        "no slot: an extension that leads elsewhere": Trie({stranger: big} | near(stranger, 20, big)),
        "no slot: the storage is empty": Trie({}),
        "no slot: a zero stands in the trie": Trie({STORAGE_KEY: b"\x80"}),
    }
    cases += [case(n, (w := over(s)).state.root, w.nodes, rejects="SlotAbsent") for n, s in storages.items()]
    w = world()
    cases.append(case("the state root is zero", ZERO_HASH, w.nodes, rejects="TrieRootEmpty"))
    cases.append(case("the state is empty", EMPTY_ROOT, b"", rejects="TrieRootEmpty"))
    node = single(account_value(ZERO_HASH))
    cases.append(case("the storage root is zero", keccak256(node), node, rejects="TrieRootEmpty"))
    return cases


def rearrangements() -> list[Case]:
    w = world()
    root, nodes = w.state.root, w.nodes
    blob = b"".join(nodes)
    flipped = bytearray(blob)
    flipped[700] ^= 1
    tiny = over(Trie({STORAGE_KEY: b"\5"} | near(STORAGE_KEY, 60, encode_slot(WORD))))
    leaf = encode([bytes.fromhex("3" + STORAGE_KEY.hex()[61:]), b"\5"])
    mismatch, truncated, trailing = "TrieNodeHashMismatch", "RlpTruncated", "ProofTrailingBytes"
    return [
        case("nothing at all", root, b"", rejects=truncated),
        case("the root node missing", root, nodes[1:], rejects=mismatch),
        case("an account node missing", root, nodes[:1] + nodes[2:], rejects=mismatch),
        case("the account's leaf missing", root, nodes[:2] + nodes[3:], rejects=mismatch),
        case("the storage root node missing", root, nodes[:3] + nodes[4:], rejects=mismatch),
        case("the last node missing", root, nodes[:-1], rejects=truncated),
        case("the storage nodes missing", root, w.state_nodes, rejects=truncated),
        case("the last byte missing", root, blob[:-1], rejects=truncated),
        case("the first byte missing", root, blob[1:], rejects="RlpUnexpectedKind"),
        case("one bit changed", root, bytes(flipped), rejects=mismatch),
        case("a byte behind", root, blob + b"\0", rejects=trailing),
        case("a node behind", root, [*nodes, nodes[-1]], rejects=trailing),
        case("a node in front", root, [nodes[1], *nodes], rejects=mismatch),
        case("a node between the tries", root, [*nodes[:3], nodes[0], *nodes[3:]], rejects=mismatch),
        case("a node twice", root, [nodes[0], nodes[0], *nodes[1:]], rejects=mismatch),
        case("account nodes in another order", root, [nodes[1], nodes[0], *nodes[2:]], rejects=mismatch),
        case("storage nodes in another order", root, [*nodes[:3], nodes[4], nodes[3]], rejects=mismatch),
        case("storage before account", root, w.storage_nodes + w.state_nodes, rejects=mismatch),
        case("the proof of another state", world(3, 3).state.root, nodes, rejects=mismatch),
        case("an embedded node repeated", tiny.state.root, [*tiny.nodes, leaf], rejects=trailing),
    ]


def malformed_nodes() -> list[Case]:
    malformed = "TrieNodeMalformed"
    value = account_value(world().storage.root)
    path = STATE_KEY.hex()
    first = int(path[0], 16)
    hashes: list[Encodable] = [keccak256(bytes((i,))) for i in range(16)]

    def branch(child: Encodable, tail: Sequence[Encodable] = (b"",)) -> bytes:
        return encode([*hashes[:first], child, *hashes[first + 1 :], *tail])

    leaf = single(value)
    shorter = encode([bytes.fromhex("3" + path[1:]), value])
    nodes = {
        "a branch of 18 items": branch(keccak256(shorter), (b"", b"")),
        "a branch with a list as its value": branch(keccak256(shorter), ([b"\1"],)),
        "a reference of 31 bytes": branch(keccak256(shorter)[:31]),
        "a reference of 33 bytes": branch(keccak256(shorter) + b"\0"),
        "an embedded node of 32 bytes or more": branch([bytes.fromhex("3" + path[1:]), value]),
        "a path with an unknown prefix": encode([b"\x40" + STATE_KEY, value]),
        "an even path with a digit in its padding": encode([b"\x21" + STATE_KEY, value]),
        "a path of no bytes": encode([b"", value]),
        "a path that is a list": encode([[b"\x20"], value]),
        "a leaf without value": encode([b"\x20" + STATE_KEY, b""]),
        "a leaf with a list as its value": encode([b"\x20" + STATE_KEY, [value]]),
        "an extension without path": encode([b"\0", keccak256(leaf)]),
        "an extension to nothing": encode([bytes.fromhex("1" + path[0]), b""]),
        "an extension to 31 bytes": encode([bytes.fromhex("1" + path[0]), keccak256(shorter)[:31]]),
    }
    cases = [case(n, keccak256(node), [node, shorter], rejects=malformed) for n, node in nodes.items()]
    short_leaf = encode([bytes.fromhex("3" + path[1]), b"\1"])
    to_short = encode([bytes.fromhex("1" + path[0]), keccak256(short_leaf)])
    cases.append(case("a short node by its hash", keccak256(to_short), [to_short, short_leaf], rejects=malformed))
    return cases + miscoded_nodes(leaf)


def miscoded_nodes(leaf: bytes) -> list[Case]:
    short = encode([b"\x20" + STATE_KEY, b"\1"])
    body, long_body = short[1:], leaf[2:]
    canonical, kind = "RlpNonCanonical", "RlpUnexpectedKind"
    nodes = {
        "a long form where the short one fits": (b"\xf8" + bytes((len(body),)) + body, canonical),
        "a length with a leading zero": (b"\xf9\0" + bytes((len(long_body),)) + long_body, canonical),
        "a string for a node": (b"\xb8" + bytes((len(long_body),)) + long_body, kind),
        "one byte for a node": (b"\x05", kind),
        "a path in a superfluous prefix": (b"\xc4\x81\x20\x81\x85", canonical),
        "a path longer than its node": (b"\xc2\xa1\x20", "RlpTruncated"),
    }
    return [case(n, keccak256(node), node, rejects=error) for n, (node, error) in nodes.items()]


def malformed_values() -> list[Case]:
    storage_root = world().storage.root
    code = EMPTY_CODE_HASH
    account, slot = "AccountMalformed", "SlotValueMalformed"
    accounts: dict[str, tuple[bytes, str]] = {
        "an account of five items": (encode_strings([b"\1", b"", storage_root, code, b""]), account),
        "a nonce with a leading zero": (encode_strings([b"\0", b"", storage_root, code]), account),
        "a balance with a leading zero": (encode_strings([b"\1", b"\0\1", storage_root, code]), account),
        "a nonce of nine bytes": (encode_strings([b"\1" * 9, b"", storage_root, code]), account),
        "a balance of 33 bytes": (encode_strings([b"", b"\1" * 33, storage_root, code]), account),
        "a nonce that is a list": (encode([[], b"", storage_root, code]), account),
        "a storage root of 31 bytes": (encode_strings([b"\1", b"", storage_root[1:], code]), account),
        "a storage root of 33 bytes": (encode_strings([b"\1", b"", storage_root + b"\0", code]), account),
        "a code hash of 31 bytes": (encode_strings([b"\1", b"", storage_root, code[1:]]), account),
        "an account that is a string": (encode(storage_root), account),
        "bytes behind the account": (account_value(storage_root) + b"\0", account),
        "an account in a superfluous prefix": (b"\xf9\0" + account_value(storage_root)[1:], "RlpNonCanonical"),
    }
    tail = world().storage_nodes
    cases = [case(n, keccak256(node := single(v)), [node, *tail], rejects=error) for n, (v, error) in accounts.items()]
    words: dict[str, tuple[bytes, str]] = {
        "a value with a leading zero": (b"\x82\0\5", slot),
        "the byte zero for a value": (b"\0", slot),
        "a value of 33 bytes": (encode(b"\1" * 33), slot),
        "a value that is a list": (encode([WORD]), slot),
        "bytes behind the value": (encode_slot(WORD) + b"\0", slot),
        "a value in a superfluous prefix": (b"\x81\5", "RlpNonCanonical"),
        "a value cut short": (encode_slot(WORD)[:-1], "RlpTruncated"),
    }
    for name, (value, error) in words.items():
        w = over(Trie({STORAGE_KEY: value}))
        cases.append(case(name, w.state.root, w.nodes, rejects=error))
    return cases

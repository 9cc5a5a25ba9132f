"""Our codecs against eth_abi, eth_account and cast."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from eth_abi.abi import encode
from hypothesis import given
from hypothesis import strategies as st

from light_clients.crypto.keccak import keccak256
from light_clients.crypto.secp256k1 import HIGHEST_S
from light_clients.types import Address, ChainId, Hash32, Height
from relayer.adapters.evm import abi
from relayer.adapters.evm.codec import encode_signed, encode_unsigned
from relayer.adapters.evm.contract_errors import SIGNATURES, error_name
from relayer.domain.delivery import Delivery
from relayer.domain.ids import Gas, Nonce, Wei
from relayer.domain.message import Message
from relayer.domain.slots import GATEWAY_STORAGE, sent_accumulator_slot
from relayer.domain.transactions import Call, Price, Transaction
from relayer.ports import Signature

CAST = Path(__file__).parents[2] / "node_modules/@foundry-rs/cast-linux-amd64/bin/cast"
MESSAGE = "(address,address,uint128,uint32,uint64,uint8,bytes)"
DELIVERY = f"(uint64,uint64,uint64,bytes,bytes,{MESSAGE}[],bytes32[])"

addresses = st.binary(min_size=20, max_size=20).map(Address)
hashes = st.binary(min_size=32, max_size=32).map(Hash32)
u64 = st.integers(0, 2**64 - 1)
messages = st.builds(
    Message,
    sender=addresses,
    recipient=addresses,
    fee=st.integers(0, 2**128 - 1),
    gas_limit=st.integers(0, 2**32 - 1),
    deadline=u64,
    flags=st.integers(0, 255),
    payload=st.binary(max_size=100),
)
deliveries = st.builds(
    Delivery,
    source=u64.map(ChainId),
    height=u64.map(Height),
    first=u64.map(Nonce),
    header_update=st.binary(max_size=100),
    proof=st.binary(max_size=100),
    messages=st.lists(messages, max_size=4).map(tuple),
    tail=st.lists(hashes, max_size=3).map(tuple),
)


def by_eth_abi(delivery: Delivery) -> bytes:
    entries = [
        (str(m.sender), str(m.recipient), m.fee, m.gas_limit, m.deadline, m.flags, m.payload) for m in delivery.messages
    ]
    fields = (delivery.source, delivery.height, delivery.first, delivery.header_update, delivery.proof)
    return keccak256(f"deliver({DELIVERY})".encode())[:4] + encode([DELIVERY], [(*fields, entries, delivery.tail)])


@given(deliveries)
def test_deliveries_are_encoded_as_eth_abi_does(delivery: Delivery) -> None:
    assert abi.encode_delivery(delivery) == by_eth_abi(delivery)


def as_tuple(message: Message) -> tuple[object, ...]:
    m = message
    return str(m.sender), str(m.recipient), m.fee, m.gas_limit, m.deadline, m.flags, m.payload


@given(deliveries, st.lists(hashes, max_size=3))
def test_express_deliveries_are_encoded_as_eth_abi_does(delivery: Delivery, preceding: list[Hash32]) -> None:
    fields = (delivery.source, delivery.height, delivery.first, delivery.header_update, delivery.proof)
    value = (*fields, [as_tuple(m) for m in delivery.messages], delivery.tail)
    selector = keccak256(f"express({DELIVERY},bytes32[])".encode())[:4]

    assert abi.encode_express(delivery, preceding) == selector + encode([DELIVERY, "bytes32[]"], [value, preceding])


@given(u64, u64, messages)
def test_retries_and_bounces_are_encoded_as_eth_abi_does(source: int, nonce: int, message: Message) -> None:
    body = encode(["uint64", "uint64", MESSAGE], [source, nonce, as_tuple(message)])

    for name, encoded in (("retry", abi.encode_retry), ("bounce", abi.encode_bounce)):
        selector = keccak256(f"{name}(uint64,uint64,{MESSAGE})".encode())[:4]
        assert encoded(ChainId(source), Nonce(nonce), message) == selector + body


@given(u64, addresses, u64, st.binary(max_size=100))
def test_claims_are_encoded_as_eth_abi_does(destination: int, relayer: Address, height: int, proof: bytes) -> None:
    body = encode(["uint64", "address", "uint64", "bytes"], [destination, str(relayer), height, proof])

    call = abi.encode_claim(ChainId(destination), relayer, Height(height), proof)

    assert call == keccak256(b"claim(uint64,address,uint64,bytes)")[:4] + body


def test_deliveries_are_encoded_as_cast_does() -> None:
    message = Message(Address(b"\1" * 20), Address(b"\2" * 20), 3, 4, 5, 6, b"payload")
    delivery = Delivery(ChainId(1), Height(2), Nonce(3), b"update", b"", (message, message), (Hash32(b"\7" * 32),))
    one = f"({message.sender},{message.recipient},3,4,5,6,0x{b'payload'.hex()})"
    value = f"(1,2,3,0x{b'update'.hex()},0x,[{one},{one}],[0x{'07' * 32}])"

    said = subprocess.run([CAST, "calldata", f"deliver({DELIVERY})", value], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "0x" + abi.encode_delivery(delivery).hex()


def test_the_storage_slot_is_the_one_of_erc_7201() -> None:
    inner = int.from_bytes(keccak256(b"lockkeeper.storage.Gateway"), "big") - 1
    base = int.from_bytes(keccak256(inner.to_bytes(32, "big")), "big") & ~0xFF

    assert base == GATEWAY_STORAGE
    assert sent_accumulator_slot(ChainId(31338)) == keccak256(encode(["uint256", "uint256"], [31338, base]))


def test_every_custom_error_says_its_name() -> None:
    for signature in SIGNATURES:
        name, _, types = signature.rstrip(")").partition("(")
        kinds = [kind for kind in types.split(",") if kind]
        if "bytes" in kinds:
            continue
        zeros = {"address": "0x" + "00" * 20, "bytes4": b"\1\2\3\4", "bytes32": bytes(32)}
        arguments = encode(kinds, [zeros.get(kind, 7) for kind in kinds])

        said = error_name(keccak256(signature.encode())[:4] + arguments)

        assert said.startswith(f"{name}(")
        assert said.count(",") == max(0, len(kinds) - 1)


def test_a_reason_a_panic_and_a_stranger_are_told_apart() -> None:
    reason = bytes.fromhex("08c379a0") + encode(["string"], ["out of heron"])
    panic = bytes.fromhex("4e487b71") + encode(["uint256"], [0x11])

    assert error_name(reason) == "out of heron"
    assert error_name(panic) == "Panic(0x11)"
    assert error_name(b"\xde\xad\xbe\xef") == "unknown error 0xdeadbeef"
    assert error_name(b"") == ""


@given(
    chain=u64.filter(bool),
    nonce=u64,
    fees=st.tuples(st.integers(0, 2**100), st.integers(0, 2**100)),
    gas=u64,
    to=addresses,
    value=st.integers(0, 2**200),
    data=st.binary(max_size=200),
    r=st.integers(1, HIGHEST_S),
    s=st.integers(1, HIGHEST_S),
    y_parity=st.integers(0, 1),
)
def test_transactions_are_encoded_as_the_rlp_of_their_fields(  # noqa: PLR0917 as many as a transaction has
    chain: int,
    nonce: int,
    fees: tuple[int, int],
    gas: int,
    to: Address,
    value: int,
    data: bytes,
    r: int,
    s: int,
    y_parity: int,
) -> None:
    import rlp  # noqa: PLC0415 the reference

    transaction = Transaction(
        ChainId(chain), nonce, Price(Wei(fees[0]), Wei(fees[1])), Call(to, data, Gas(gas), Wei(value))
    )
    fields = [chain, nonce, fees[1], fees[0], gas, bytes(to), value, data, []]

    assert encode_unsigned(transaction) == b"\x02" + rlp.encode(fields)
    assert encode_signed(transaction, Signature(r, s, y_parity)) == b"\x02" + rlp.encode([*fields, y_parity, r, s])


def test_interoperable_addresses_are_read_strictly() -> None:
    good = bytes.fromhex("00010000" + "02" + "7a69" + "14" + "11" * 20)

    assert abi.interoperable(good) == (31337, Address(b"\x11" * 20))
    for bad in (good[:-1], good + b"\0", b"\0\2" + good[2:], good[:7] + b"\x13" + good[8:-1], b"", good[:5]):
        try:
            abi.interoperable(bad)
        except abi.Malformed:
            continue
        raise AssertionError(json.dumps(bad.hex()))

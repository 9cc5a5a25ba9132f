"""The contracts' custom errors by selector, so that a revert says its name."""

from __future__ import annotations

from functools import cache

from light_clients.crypto.keccak import keccak256

SIGNATURES = (
    # Gateway
    "LaneUnknown(uint64)", "RecipientInvalid(bytes)", "RecipientZero()", "ValueNotSupported(uint256)",
    "AttributeInvalid(bytes)", "AttributeRepeated(bytes4)", "UnsupportedAttribute(bytes4)",
    "GasLimitOutOfRange(uint256,uint256)", "PayloadTooLong(uint256,uint256)", "DeliveryEmpty()",
    "MessagesSkipped(uint64,uint64)", "AccumulatorMismatch(bytes32,bytes32)", "GasInsufficient(uint256,uint256)",
    "MessageNotFailed(bytes32)", "RetryFailed(bytes32)", "LaneInvalid(uint64,address,address)",
    # proofs
    "RlpTruncated()", "RlpNonCanonical()", "RlpUnexpectedKind()", "TrieNodeHashMismatch()", "TrieNodeMalformed()",
    "TrieKeyAbsent()", "ProofTrailingBytes()", "AccountMalformed()", "SlotValueMalformed()", "SlotAbsent()",
    # light clients
    "ClientFrozen()", "HeaderUnknown(uint64)", "HeaderTooOld(uint64,uint64)", "HeaderIncomplete()",
    "UpdateMalformed()", "CommitteeEmpty()", "CommitteeTooLarge(uint256)", "MembersUnsorted(uint256)",
    "MemberZero(uint256)", "WeightZero(uint256)", "CommitteeMismatch(bytes32,bytes32)", "BitmapOutOfRange(uint256)",
    "QuorumNotReached(uint256,uint256)", "SignatureInvalid(uint256)", "SignerMismatch(uint256,address,address)",
    "EpochMismatch(uint64,uint64)", "EvidenceInvalid()",
    "HeaderFromFuture(uint256,uint256)",
    # derived and quorum light clients
    "HubIsSource()", "HubHeightMismatch(uint64,uint64)", "SourceClientFrozen()", "SourceClientZero()",
    "SourceHeightMismatch(uint64,uint64)", "OutputRootMismatch(bytes32,bytes32)", "GameUnknown(uint64)",
    "GameNotWon(uint8)", "GameDelayNotPassed(uint64,uint64)", "GameTypeNotRespected(uint32,uint32)",
    "GameRetired(uint64,uint64)", "GameBlacklisted(address)", "DelayZero()", "HeaderMalformed()",
    "UpdateMalformed(uint256,uint256)", "ThresholdTooLow(uint256,uint256)", "ThresholdTooHigh(uint256,uint256)",
    "ClientsTooMany(uint256)", "ClientSourceMismatch(uint256,uint64,uint64)", "ClientRepeated(uint256)",
    "AgreementNotReached(uint256,uint256)",
    # OpenZeppelin
    "AccessManagedUnauthorized(address)", "AccessManagedRequiredDelay(address,uint32)",
    "ReentrancyGuardReentrantCall()",
    "ERC20InsufficientBalance(address,uint256,uint256)", "ERC20InsufficientAllowance(address,uint256,uint256)",
    "ERC721NonexistentToken(uint256)", "ERC721InsufficientApproval(address,uint256)",
    "ERC721IncorrectOwner(address,uint256,address)", "ERC1155MissingApprovalForAll(address,address)",
    "ERC1155InsufficientBalance(address,uint256,uint256,uint256)",
)  # fmt: skip

ERROR_STRING = bytes.fromhex("08c379a0")
PANIC = bytes.fromhex("4e487b71")


def error_name(data: bytes) -> str:
    """`AccumulatorMismatch(0x…, 0x…)`, the reason string, or `` when there is nothing to say."""
    if len(data) < 4:
        return ""
    selector, arguments = data[:4], data[4:]
    if selector == ERROR_STRING:
        return _reason(arguments)
    if selector == PANIC:
        return f"Panic(0x{int.from_bytes(arguments[:32], 'big'):02x})"
    signature = _table().get(selector)
    if signature is None:
        return f"unknown error 0x{selector.hex()}"
    name, _, types = signature.rstrip(")").partition("(")
    values = [_shown(kind, arguments[32 * i : 32 * i + 32]) for i, kind in enumerate(types.split(",")) if kind]
    return f"{name}({', '.join(values)})"


@cache
def _table() -> dict[bytes, str]:
    return {keccak256(signature.encode())[:4]: signature for signature in SIGNATURES}


def _shown(kind: str, word: bytes) -> str:
    if kind == "address":
        return "0x" + word[12:].hex()
    if kind == "bytes4":
        return "0x" + word[:4].hex()
    return str(int.from_bytes(word, "big")) if kind.startswith("uint") else "0x" + word.hex()


def _reason(arguments: bytes) -> str:
    length = int.from_bytes(arguments[32:64], "big")
    return arguments[64 : 64 + min(length, 1024)].decode("utf-8", "replace")

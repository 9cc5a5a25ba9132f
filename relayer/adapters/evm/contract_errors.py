"""The contracts' custom errors by selector, so that a revert says its name."""

from __future__ import annotations

from functools import cache

from light_clients.crypto.keccak import keccak256

SIGNATURES = (
    # ours; a test holds the list against the contracts
    "AccountMalformed()", "AccountSanctioned(address)", "AccumulatorMismatch(bytes32,bytes32)", "AddressZero()",
    "AgreementNotReached(uint256,uint256)", "AlreadyInitialised()", "AmountZero()", "ArraysMalformed(uint256,uint256)",
    "AttributeInvalid(bytes)", "AttributeRepeated(bytes4)", "BandInvalid()", "BitmapOutOfRange(uint256,uint256)",
    "BounceNotPrepaid(bytes32)", "BounceTooEarly(bytes32,uint64)", "BounceUnsafe(bytes32)", "ChainUnknown(uint64)",
    "ClientFrozen()", "ClientRepeated(uint256)", "ClientSourceMismatch(uint256,uint64,uint64)",
    "ClientsTooMany(uint256)", "CollectionNotDescribed(address,uint64)", "CommitmentsInvalid()", "CommitteeEmpty()",
    "CommitteeMismatch(bytes32,bytes32)", "CommitteeTooLarge(uint256)", "CommitteeUnknown(uint256)",
    "CounterDiffers(uint256,uint256)", "CredentialExpired(uint64,uint256)",
    "CredentialInvalid(address,address,address)", "CredentialsMalformed(uint256,uint256)",
    "DeadlineOutOfRange(uint256,uint256)", "DeadlinePassed(bytes32,uint64)", "DelayZero()", "DeliveryEmpty()",
    "DepthNotReached(uint256,uint256)", "DifficultyInvalid(uint256,uint256)", "EpochLengthZero()", "EvidenceInvalid()",
    "ExecutionBranchInvalid()", "ExtraDataMalformed()", "FeeExceeded(uint256,uint256)",
    "FeeInsufficient(uint256,uint256)", "FeedDecimalsDiffer(address,uint8,uint8)", "FeedInvalid(address)",
    "FeedOutOfBounds(address,int256)", "FeedStale(address,uint256,uint256)", "FeedUnknown(address)",
    "FeesExceeded(uint256,uint256)", "FeesOutOfBounds(uint64)", "FeesUnpaid(uint256)", "FinalityBranchInvalid()",
    "FlowExceeded(address,uint64,uint256,uint256)", "ForkUnknown(uint256)", "ForksInvalid(uint256)",
    "GameBlacklisted(address)", "GameDelayNotPassed(uint64,uint64)", "GameNotWon(uint8)", "GameRetired(uint64,uint64)",
    "GameTypeNotRespected(uint32,uint32)", "GameUnknown(uint64)", "GasInsufficient(uint256,uint256)",
    "GasLimitOutOfRange(uint256,uint256)", "HandoverMisplaced(uint256,uint256)", "HeaderFromFuture(uint256,uint256)",
    "HeaderIncomplete()", "HeaderMalformed()", "HeaderTooOld(uint64,uint64)", "HeaderUnknown(uint64)",
    "HeadersUnlinked(uint256)", "HubHeightMismatch(uint64,uint64)", "HubIsSource()",
    "IdsNotAscending(uint256,uint256)", "IssuerUnknown(address)", "ItemElsewhere(address,uint256,uint64)",
    "ItemLocked(address,uint256)", "ItemMalformed(uint256)", "ItemNotDelivered(address,uint256)",
    "ItemRented(address,uint256,uint256)", "KeysProofInvalid()", "KindUnknown(uint8)", "LaneInUse(uint64,address)",
    "LaneInvalid(uint64,address,address)", "LaneIsPaused(uint64)", "LaneNotTrusted(uint64)", "LaneUnknown(uint64)",
    "LinkInvalid(uint64,address,address)", "LinkTaken(address,uint64,address)", "LinkUnknown(uint64,address)",
    "LinkedAmountMismatch(address,uint256,uint256)", "LinkedSupplyExceeded(address,uint256,uint256)",
    "ListingIsCancelled(bytes32)", "ListingMalformed()", "ListingNotActive(uint64,uint64,uint256)",
    "LogDataTooShort(uint256)", "LogEmitterMismatch(address,address)", "LogIndexOutOfRange(uint256,uint256)",
    "LogTopicMismatch(uint256,bytes32,bytes32)", "MaximumExceeded(uint256,uint256)", "MemberZero(uint256)",
    "MembersUnsorted(uint256)", "MessageNotFailed(bytes32)", "MessagesSkipped(uint64,uint64)", "MixHashMismatch()",
    "NativeInsufficient(uint256,uint256)", "NativeUnsupported()", "NetworkInvalid()", "NextCommitteeBranchInvalid()",
    "NotAssetGateway(address)", "NotCouncil(address)", "NotFromHome(bytes)", "NotGateway(address)",
    "NotMarketplace(address)", "NotOfferer(address,address)", "NotOwnSignature(address)", "NotOwner(address)",
    "NotOwner(address,uint256)", "NotRemote(bytes)", "NotSettlement(address)",
    "NothingCredited(uint64,address,address)", "NothingEarned(address,uint256)", "NothingWaits()",
    "NumberNonCanonical(uint256)", "OutputRootMismatch(bytes32,bytes32)",
    "OutstandingExceeded(address,uint64,uint256,uint256)", "OverlapNotReached(uint256,uint256)", "PayloadMalformed()",
    "PayloadTooLong(uint256,uint256)", "PayloadTrailing(uint256,uint256)", "PayloadTruncated(uint256,uint256)",
    "PaymentChainDiffers(uint64,uint64)", "PaymentDiffers(uint256,uint256)",
    "PaymentNotReceived(address,uint256,uint256)", "PaymentRefused(address,address)",
    "PaymentRefused(address,uint256)", "PointInvalid(uint256)", "PoliciesInvalid(uint256)", "PolicyRefused(address)",
    "PolicyWithoutCode(address)", "PrecedingIncomplete(uint256,uint256)", "PrepaidExceeded(uint256,uint256)",
    "PriceOutOfBand()", "ProofTrailingBytes()", "PurchaseNotOpen(bytes32,uint64)", "QuorumNotReached(uint256,uint256)",
    "ReceiptFailed()", "ReceiptMalformed()", "ReceiptProofMalformed()", "ReceiptWithoutStatus()",
    "RecipientInvalid(address)", "RecipientInvalid(bytes)", "RecipientZero()", "RefundRedundant(address)",
    "RemoteInvalid(uint64,address)", "RemoteIsPaused(uint64)", "RescueTooEarly(uint256)", "RescueTooLate(uint256)",
    "RescueUnknown(bytes32)", "RetryFailed(bytes32)", "RlpNonCanonical()", "RlpTruncated()", "RlpUnexpectedKind()",
    "RoyaltyExceeded(uint256,uint256)", "RoyaltyMalformed(address,uint16)", "SealInvalid(uint256)",
    "SharesDiffer(uint256,uint256)", "SignatureInvalid(bytes32,address)", "SignatureInvalid(uint256)",
    "SignedRecently(uint256,address)", "SignerMismatch(uint256,address,address)", "SignersEmpty()",
    "SignersMismatch(bytes32,bytes32)", "SignersTooMany(uint256)", "SignersUnsorted(uint256)", "SlotAbsent()",
    "SlotValueMalformed()", "SlotsUnordered(uint256,uint256,uint256)", "SourceChainZero()", "SourceClientFrozen()",
    "SourceClientZero()", "SourceHeightMismatch(uint64,uint64)", "TakerDiffers(address,address)",
    "TextTooLong(uint256,uint256)", "ThresholdTooHigh(uint256,uint256)", "ThresholdTooLow(uint256,uint256)",
    "TokenAlreadyWrapped(uint64,address)", "TokenIsLinked(address)", "TokenKindMismatch(address)",
    "TokenNotDescribed(uint64,address)", "TokenNotReceived(address,uint256)", "TokenRebasing(address)",
    "TokenRefused(address)", "TokenURITooLong(uint256,uint256)", "TokenWithoutCode(address)",
    "TransferUnexpected(address)", "TrieKeyAbsent()", "TrieNodeHashMismatch()", "TrieNodeMalformed()",
    "TrieRootEmpty()", "TrustExpired(uint256,uint256)", "TrustingPeriodZero()", "UnitsInvalid(uint256)",
    "UnitsUnavailable(uint256,uint256)", "UpdateMalformed(uint256,uint256)", "ValidatorsEmpty()",
    "ValidatorsMismatch(bytes32,bytes32)", "ValidatorsTooMany(uint256)", "ValidatorsUnsorted(uint256)",
    "ValueInsufficient(uint256,uint256)", "ValueUnexpected(uint256)", "WeightZero(uint256)",
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


def error_called(selector: bytes) -> str:
    """The name alone, where only the selector is known; the selector, where nobody here knows it."""
    signature = _table().get(selector)
    return f"0x{selector.hex()}" if signature is None else signature.partition("(")[0]


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

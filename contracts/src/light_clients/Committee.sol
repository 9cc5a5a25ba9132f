// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Calldata} from "../proofs/Calldata.sol";
import {ChainId} from "../types/Message.sol";
import {TrustedHeader} from "./TrustedHeaders.sol";

/// @title Committee rules
/// @notice Who is a committee, how many of it are a quorum, and what a quorum has signed. The Python twin is
///         `light_clients/committee`.
/// @dev A member is one word: address (20 bytes), weight (12 bytes). A committee is 1 to 256 members in strictly
///      ascending order of address, and is stored as the hash of its words.
///      A vote is `bitmap (32) ‖ n (2) ‖ members (32·n) ‖ signatures (64 each)`: bit i of the bitmap, counted from the
///      least significant, says that member i has signed; signatures are EIP-2098 and stand in the order of members.
///      An update is `height (8) ‖ timestamp (8) ‖ blockHash (32) ‖ stateRoot (32) ‖ receiptsRoot (32) ‖ vote`.
library Committee {
    using Calldata for bytes;

    /// @notice Where the parts of a vote stand.
    struct Vote {
        /// @dev Who has signed.
        uint256 bitmap;
        /// @dev Where the members begin.
        uint256 members;
        /// @dev Where the signatures begin, which is where the members end.
        uint256 signatures;
        /// @dev Where the vote ends.
        uint256 end;
    }

    /// @notice The bytes are too short, too long, or not in the format.
    error UpdateMalformed(uint256 length, uint256 expected);

    /// @notice A committee without members.
    error CommitteeEmpty();

    /// @notice A committee of more members than a bitmap has bits.
    error CommitteeTooLarge(uint256 members);

    /// @notice The members are not in strictly ascending order of their addresses, or one occurs twice.
    error MembersUnsorted(uint256 index);

    /// @notice The zero address cannot be a member.
    error MemberZero(uint256 index);

    /// @notice A member without weight.
    error WeightZero(uint256 index);

    /// @notice The members given are not the committee.
    error CommitteeMismatch(bytes32 given, bytes32 expected);

    /// @notice The bitmap names members beyond the last.
    error BitmapOutOfRange(uint256 bitmap, uint256 members);

    /// @notice Too little weight has signed.
    error QuorumNotReached(uint256 signed, uint256 needed);

    /// @notice The signature of the member at `index` is not a canonical signature.
    error SignatureInvalid(uint256 index);

    /// @notice The signature of the member at `index` is by somebody else, or of something else.
    error SignerMismatch(uint256 index, address recovered, address expected);

    /// @dev The most members: the bits of a bitmap.
    uint256 internal constant MAXIMUM_MEMBERS = 256;

    /// @dev The greatest `s` of a signature in its canonical form: half of secp256k1's order, rounded down.
    uint256 internal constant GREATEST_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// @dev EIP-712 domain type.
    bytes32 internal constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    /// @dev EIP-712 domain name, hashed.
    bytes32 internal constant NAME_HASH = keccak256("Lockkeeper Committee");

    /// @dev EIP-712 domain version, hashed.
    bytes32 internal constant VERSION_HASH = keccak256("1");

    /// @dev What a member signs of a header.
    bytes32 internal constant ATTESTATION_TYPEHASH = keccak256(
        "Attestation(uint64 sourceChain,uint64 epoch,uint64 height,bytes32 blockHash,bytes32 stateRoot,bytes32 receiptsRoot,uint64 timestamp)"
    );

    /// @dev What a member signs of the committee that is to follow.
    bytes32 internal constant ROTATION_TYPEHASH =
        keccak256("CommitteeRotation(uint64 sourceChain,uint64 epoch,bytes32 committeeHash)");

    /// @notice The weight that is a quorum: more than two thirds.
    function quorum(uint256 total) internal pure returns (uint256 needed) {
        return total * 2 / 3 + 1;
    }

    /// @notice The hash of a committee, which must be well-formed.
    function hash(bytes32[] memory members) internal pure returns (bytes32) {
        require(members.length != 0, CommitteeEmpty());
        require(members.length <= MAXIMUM_MEMBERS, CommitteeTooLarge(members.length));
        uint256 previous = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            uint256 member = uint256(members[i]) >> 96;
            require(member != 0, MemberZero(i));
            require(member > previous, MembersUnsorted(i));
            require(uint96(uint256(members[i])) != 0, WeightZero(i));
            previous = member;
        }
        return keccak256(abi.encodePacked(members));
    }

    /// @notice Reads the header and the vote of the update that begins at `offset`.
    function update(bytes calldata data, uint256 offset)
        internal
        pure
        returns (TrustedHeader memory header, Vote memory vote_)
    {
        header.height = uint64(bytes8(data.word(offset)));
        header.timestamp = uint64(bytes8(data.word(offset + 8)));
        header.blockHash = data.word(offset + 16);
        header.stateRoot = data.word(offset + 48);
        header.receiptsRoot = data.word(offset + 80);
        vote_ = vote(data, offset + 112);
    }

    /// @notice Reads the vote that begins at `offset`.
    /// @dev Warning: the end may lie beyond the data. The caller holds it against the length before it verifies.
    function vote(bytes calldata data, uint256 offset) internal pure returns (Vote memory vote_) {
        unchecked {
            uint256 members = offset + 34;
            uint256 bitmap = uint256(data.word(offset));
            uint256 n = uint256(data.word(offset + 32)) >> 240;
            uint256 signatures = members + 32 * n;
            require(data.length >= signatures, UpdateMalformed(data.length, signatures));
            require(bitmap >> n == 0, BitmapOutOfRange(bitmap, n));
            return Vote(bitmap, members, signatures, signatures + 64 * _count(bitmap));
        }
    }

    /// @notice Reads the committee at the start of a rotation: `n (2) ‖ members (32·n)`.
    function successors(bytes calldata data) internal pure returns (bytes32[] memory members, uint256 end) {
        uint256 n = uint256(data.word(0)) >> 240; // read past the end of empty data, it leads to the error below
        end = 2 + 32 * n;
        require(data.length >= end, UpdateMalformed(data.length, end));
        members = new bytes32[](n);
        for (uint256 i = 0; i < n; ++i) {
            members[i] = data.word(2 + 32 * i);
        }
    }

    /// @notice Verifies that a quorum of the committee has signed `digest`.
    function verify(bytes calldata data, Vote memory vote_, bytes32 committee, bytes32 digest) internal pure {
        bytes32 given = keccak256(data[vote_.members:vote_.signatures]);
        require(given == committee, CommitteeMismatch(given, committee));
        (uint256 signed, uint256 total) = _weigh(data, vote_);
        uint256 needed = quorum(total);
        require(signed >= needed, QuorumNotReached(signed, needed));
        unchecked {
            uint256 signature = vote_.signatures;
            uint256 index = 0;
            for (uint256 left = vote_.bitmap; left != 0; left >>= 1) {
                if (left & 1 == 1) {
                    address expected = address(bytes20(data.word(vote_.members + 32 * index)));
                    _verifySignature(data, signature, digest, index, expected);
                    signature += 64;
                }
                ++index;
            }
        }
    }

    /// @notice What a member signs of a header.
    function attestation(bytes32 domain, ChainId sourceChain, uint64 epoch, TrustedHeader memory header)
        internal
        pure
        returns (bytes32)
    {
        return _digest(
            domain,
            keccak256(
                abi.encode(
                    ATTESTATION_TYPEHASH,
                    sourceChain,
                    epoch,
                    header.height,
                    header.blockHash,
                    header.stateRoot,
                    header.receiptsRoot,
                    header.timestamp
                )
            )
        );
    }

    /// @notice What a member signs of the committee of `epoch`.
    function rotation(bytes32 domain, ChainId sourceChain, uint64 epoch, bytes32 committee)
        internal
        pure
        returns (bytes32)
    {
        return _digest(domain, keccak256(abi.encode(ROTATION_TYPEHASH, sourceChain, epoch, committee)));
    }

    /// @notice The EIP-712 domain of a client.
    function domainSeparator(uint256 chainId, address client) internal pure returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, NAME_HASH, VERSION_HASH, chainId, client));
    }

    /// @dev The weight of those who have signed, and of all.
    function _weigh(bytes calldata data, Vote memory vote_)
        private
        pure
        returns (uint256 signed, uint256 total)
    {
        unchecked {
            uint256 end = vote_.signatures;
            uint256 bitmap = vote_.bitmap;
            for (uint256 offset = vote_.members; offset != end; offset += 32) {
                uint256 weight = uint96(uint256(data.word(offset)));
                total += weight;
                if (bitmap & 1 == 1) signed += weight;
                bitmap >>= 1;
            }
        }
    }

    /// @dev Verifies the one signature that begins at `offset`.
    function _verifySignature(
        bytes calldata data,
        uint256 offset,
        bytes32 digest,
        uint256 index,
        address expected
    ) private pure {
        uint256 parityAndS = uint256(data.word(offset + 32));
        uint256 s = parityAndS & type(uint256).max >> 1;
        require(s <= GREATEST_S, SignatureInvalid(index));
        address recovered = ecrecover(digest, uint8(27 + (parityAndS >> 255)), data.word(offset), bytes32(s));
        require(recovered != address(0), SignatureInvalid(index));
        require(recovered == expected, SignerMismatch(index, recovered, expected));
    }

    /// @dev EIP-712's last step.
    function _digest(bytes32 domain, bytes32 structHash) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    /// @dev How many bits are set.
    function _count(uint256 bits) private pure returns (uint256 n) {
        for (; bits != 0; bits &= bits - 1) {
            ++n;
        }
    }
}

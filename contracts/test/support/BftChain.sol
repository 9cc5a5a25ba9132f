// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {CommonBase} from "forge-std/Base.sol";

import {Bft} from "../../src/light_clients/Bft.sol";

/// @notice A QBFT or IBFT 2.0 chain whose validators' keys the tests hold. RLP is written out here by hand, so that a
///         slip in the library cannot hide.
abstract contract BftChain is CommonBase {
    struct Validator {
        uint256 key;
        address account;
    }

    struct Block {
        uint64 height;
        uint64 timestamp;
        bytes32 parent;
        bytes32 stateRoot;
        bytes32 receiptsRoot;
        bytes32 mixHash;
        uint32 round;
    }

    bytes32 internal constant DIGEST = 0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365;
    bytes32 internal constant NO_REQUESTS =
        0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855;
    uint64 internal constant START = 1_800_000_000;

    /// @notice That many validators, in the order of their addresses.
    function someValidators(uint256 n, string memory label) internal pure returns (Validator[] memory all) {
        all = new Validator[](n);
        for (uint256 i = 0; i < n; ++i) {
            uint256 key = uint256(keccak256(abi.encode(label, i))) >> 1;
            all[i] = Validator(key, vm.addr(key));
        }
        sort(all);
    }

    function sort(Validator[] memory all) internal pure {
        for (uint256 i = 1; i < all.length; ++i) {
            Validator memory next = all[i];
            uint256 place = i;
            for (; place > 0 && all[place - 1].account > next.account; --place) {
                all[place] = all[place - 1];
            }
            all[place] = next;
        }
    }

    /// @notice The first `kept` of `trusted` with `added` others, in order.
    function mixed(Validator[] memory trusted, uint256 kept, uint256 added)
        internal
        pure
        returns (Validator[] memory all)
    {
        Validator[] memory others = someValidators(added, "others");
        all = new Validator[](kept + added);
        for (uint256 i = 0; i < all.length; ++i) {
            all[i] = i < kept ? trusted[i] : others[i - kept];
        }
        sort(all);
    }

    /// @notice `0x94 ‖ address` of each.
    function payloadOf(Validator[] memory all) internal pure returns (bytes memory payload) {
        for (uint256 i = 0; i < all.length; ++i) {
            payload = abi.encodePacked(payload, uint8(0x94), all[i].account);
        }
    }

    /// @notice An ordinary block of this height.
    function aBlock(uint64 height) internal pure returns (Block memory) {
        return Block({
            height: height,
            timestamp: START + height % 1e6,
            parent: keccak256(abi.encode("parent", height)),
            stateRoot: keccak256(abi.encode("state", height)),
            receiptsRoot: keccak256(abi.encode("receipts", height)),
            mixHash: DIGEST,
            round: 0
        });
    }

    /// @notice The header in the form that validators sign.
    function signedHeader(Block memory b, bytes memory list, Bft.Dialect dialect)
        internal
        pure
        returns (bytes memory)
    {
        bytes memory tail = dialect == Bft.Dialect.Qbft
            ? abi.encodePacked(hex"c0", number(b.round), hex"c0")
            : abi.encodePacked(hex"8084", b.round);
        return header(b, list, tail);
    }

    /// @notice The header in the form that its hash covers.
    function hashedHeader(Block memory b, bytes memory list, Bft.Dialect dialect)
        internal
        pure
        returns (bytes memory)
    {
        return header(b, list, dialect == Bft.Dialect.Qbft ? bytes(hex"c080c0") : bytes(hex"80"));
    }

    /// @notice A Prague header of a block that is almost empty.
    function header(Block memory b, bytes memory list, bytes memory tail)
        internal
        pure
        returns (bytes memory)
    {
        bytes memory extra = listOf(abi.encodePacked(hex"a0", bytes32(0), listOf(list), tail));
        bytes memory bloom = new bytes(256);
        bloom[17] = 0x04;
        bloom[99] = 0x20;
        bloom[200] = 0x01;
        bytes memory head = abi.encodePacked(
            hex"a0", b.parent, hex"a0", keccak256(hex"c0"), hex"94", address(0xbeef), hex"a0", b.stateRoot
        );
        head = abi.encodePacked(
            head, hex"a0", keccak256("transactions"), hex"a0", b.receiptsRoot, hex"b90100", bloom
        );
        head = abi.encodePacked(
            head, number(1), number(b.height), number(30_000_000), number(171_000), number(b.timestamp)
        );
        bytes memory rest = abi.encodePacked(
            hex"a0", b.mixHash, hex"880000000000000000", number(7), hex"a0", keccak256(hex"80"), hex"8080"
        );
        rest = abi.encodePacked(rest, hex"a0", bytes32(0), hex"a0", NO_REQUESTS);
        return listOf(abi.encodePacked(head, stringOf(extra), rest));
    }

    /// @notice A step with the seals of those whose bits are set, by the keys they hold.
    function aStep(
        Block memory b,
        Validator[] memory all,
        uint256 bitmap,
        Bft.Dialect dialect,
        bytes memory trusted
    ) internal pure returns (bytes memory) {
        bytes memory data = signedHeader(b, payloadOf(all), dialect);
        bytes memory seals = sealsOf(keccak256(data), all, bitmap);
        return abi.encodePacked(data, bitmap, seals, uint16(trusted.length / 21), trusted);
    }

    function sealsOf(bytes32 digest, Validator[] memory all, uint256 bitmap)
        internal
        pure
        returns (bytes memory seals)
    {
        for (uint256 i = 0; i < all.length; ++i) {
            if ((bitmap >> i) & 1 == 0) continue;
            (bytes32 r, bytes32 vs) = vm.signCompact(all[i].key, digest);
            seals = abi.encodePacked(seals, r, vs);
        }
    }

    /// @notice The bits of the first `n`.
    function first(uint256 n) internal pure returns (uint256) {
        return n == 256 ? type(uint256).max : (1 << n) - 1;
    }

    function number(uint256 value) internal pure returns (bytes memory) {
        if (value == 0) return hex"80";
        if (value < 0x80) return abi.encodePacked(uint8(value));
        bytes memory digits;
        for (; value != 0; value >>= 8) {
            digits = abi.encodePacked(uint8(value), digits);
        }
        return abi.encodePacked(uint8(0x80 + digits.length), digits);
    }

    function stringOf(bytes memory value) internal pure returns (bytes memory) {
        return abi.encodePacked(prefixOf(value.length, 0x80), value);
    }

    function listOf(bytes memory payload) internal pure returns (bytes memory) {
        return abi.encodePacked(prefixOf(payload.length, 0xc0), payload);
    }

    function prefixOf(uint256 length, uint8 base) private pure returns (bytes memory) {
        if (length < 56) return abi.encodePacked(uint8(base + length));
        if (length < 256) return abi.encodePacked(base + 56, uint8(length));
        return abi.encodePacked(base + 57, uint16(length));
    }
}

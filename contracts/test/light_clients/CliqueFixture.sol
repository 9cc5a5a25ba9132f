// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {CliqueLightClient} from "../../src/light_clients/CliqueLightClient.sol";
import {ChainId, Height} from "../../src/types/Message.sol";

/// @notice A client with four signers, of whom three are a majority, and headers sealed by them.
abstract contract CliqueFixture is Test {
    /// @notice What distinguishes one header from another.
    struct Header {
        bytes32 parentHash;
        bytes32 stateRoot;
        bytes32 receiptsRoot;
        uint256 difficulty;
        uint64 number;
        uint64 timestamp;
        /// @dev The signers listed, 20 bytes each.
        bytes listed;
        /// @dev The key that seals it.
        uint256 key;
    }

    ChainId internal constant SOURCE = ChainId.wrap(31337);
    uint64 internal constant START = 1_800_000_000;
    uint64 internal constant EPOCH = 1000;
    uint64 internal constant TRUSTING = 14 days;
    uint256 internal constant STRANGER = 4;

    CliqueLightClient internal client;

    /// @dev In the order of their addresses, then a stranger.
    uint256[5] internal keys;

    function setUp() public virtual {
        for (uint256 i = 0; i < 4; ++i) {
            keys[i] = uint256(keccak256(abi.encode("signer", i)));
            for (uint256 j = i; j > 0 && vm.addr(keys[j - 1]) > vm.addr(keys[j]); --j) {
                (keys[j - 1], keys[j]) = (keys[j], keys[j - 1]);
            }
        }
        keys[STRANGER] = 0x5eed;
        vm.warp(START + 10 days);
        client = aClient(3);
    }

    function aClient(uint64 confirmations) internal returns (CliqueLightClient) {
        return new CliqueLightClient(SOURCE, 0, START, signers(), EPOCH, confirmations, TRUSTING);
    }

    function signers() internal view returns (address[] memory all) {
        all = new address[](4);
        for (uint256 i = 0; i < 4; ++i) {
            all[i] = vm.addr(keys[i]);
        }
    }

    /// @notice A header by itself, of the signer of that rank, sealed out of turn unless it is.
    function aHeader(uint64 height, uint256 rank) internal view returns (Header memory header) {
        header.parentHash = keccak256(abi.encode("parent", height));
        header.stateRoot = keccak256(abi.encode("state", height));
        header.receiptsRoot = keccak256(abi.encode("receipts", height));
        header.difficulty = height % 4 == rank ? 2 : 1;
        header.number = height;
        header.timestamp = START + 5 * height;
        if (height % EPOCH == 0) header.listed = words(signers());
        header.key = keys[rank];
    }

    /// @notice A target and its confirmations, sealed by signers of those ranks (one decimal digit each).
    function aSegment(uint64 first, string memory ranks) internal view returns (Header[] memory headers) {
        headers = new Header[](bytes(ranks).length);
        for (uint256 i = 0; i < headers.length; ++i) {
            headers[i] = aHeader(first + uint64(i), uint8(bytes(ranks)[i]) - 48);
        }
    }

    function anUpdate(uint64 first, string memory ranks) internal view returns (bytes memory) {
        return anUpdate(aSegment(first, ranks));
    }

    /// @notice The update of these headers, each of which is made the child of the one before.
    function anUpdate(Header[] memory headers) internal view returns (bytes memory update) {
        update = abi.encodePacked(uint16(4), words(signers()));
        for (uint256 i = 0; i < headers.length; ++i) {
            bytes memory encoded = sealed_(headers[i]);
            if (i + 1 < headers.length) headers[i + 1].parentHash = keccak256(encoded);
            update = abi.encodePacked(update, encoded);
        }
    }

    function sealed_(Header memory header) internal pure returns (bytes memory) {
        bytes memory bare = abi.encodePacked(bytes32("lockkeeper"), header.listed);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(header.key, keccak256(encode(header, bare)));
        return encode(header, abi.encodePacked(bare, r, s, v - 27));
    }

    function encode(Header memory header, bytes memory extra) internal pure returns (bytes memory) {
        bytes memory fixedPart = abi.encodePacked(
            bytes1(0xa0),
            header.parentHash,
            bytes1(0xa0),
            bytes32(0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347),
            bytes1(0x94),
            bytes20(0),
            bytes1(0xa0),
            header.stateRoot,
            bytes1(0xa0),
            keccak256("transactions"),
            bytes1(0xa0),
            header.receiptsRoot
        );
        bytes memory rest = abi.encodePacked(
            hex"b90100",
            new bytes(256),
            number(header.difficulty),
            number(header.number),
            number(30_000_000),
            number(21_000),
            number(header.timestamp),
            string_(extra)
        );
        return
            list(
                abi.encodePacked(
                    fixedPart, rest, bytes1(0xa0), bytes32(0), bytes1(0x88), bytes8(0), number(7)
                )
            );
    }

    function string_(bytes memory data) internal pure returns (bytes memory) {
        return abi.encodePacked(prefix(data.length, 0x80), data);
    }

    function list(bytes memory data) internal pure returns (bytes memory) {
        return abi.encodePacked(prefix(data.length, 0xc0), data);
    }

    function prefix(uint256 length, uint8 base) internal pure returns (bytes memory) {
        if (length < 56) return abi.encodePacked(base + uint8(length));
        if (length < 256) return abi.encodePacked(base + 56, uint8(length));
        return abi.encodePacked(base + 57, uint16(length));
    }

    function number(uint256 value) internal pure returns (bytes memory) {
        if (value != 0 && value < 0x80) return abi.encodePacked(uint8(value));
        uint256 length;
        while (value >> (8 * length) != 0) ++length;
        bytes memory digits = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            digits[i] = bytes1(uint8(value >> (8 * (length - 1 - i))));
        }
        return abi.encodePacked(uint8(0x80 + length), digits);
    }

    function words(address[] memory all) internal pure returns (bytes memory packed) {
        for (uint256 i = 0; i < all.length; ++i) {
            packed = abi.encodePacked(packed, all[i]);
        }
    }

    function assertTrusts(Header memory header) internal view {
        (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp) =
            client.header(Height.wrap(header.number));
        assertEq(stateRoot, header.stateRoot);
        assertEq(receiptsRoot, header.receiptsRoot);
        assertEq(timestamp, header.timestamp);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Test} from "forge-std/Test.sol";

import {ILightClient} from "../../src/interfaces/ILightClient.sol";
import {CommitteeLightClient} from "../../src/light_clients/CommitteeLightClient.sol";
import {RelayChainLightClient} from "../../src/light_clients/RelayChainLightClient.sol";
import {TrustedHeader} from "../../src/light_clients/TrustedHeaders.sol";
import {ChainId, Height} from "../../src/types/Message.sol";
import {Attesters} from "../support/Attesters.sol";
import {TinyTrie} from "../support/TinyTrie.sol";

/// @notice Three chains in one EVM: the source's client on the hub is a real one, whose storage becomes the hub's state.
/// @dev
///   source ──committee──▶ hub ──committee──▶ here          sourceClient stands on the hub, hub and client here
///     └────────────────── client ──────────────▶
abstract contract RelayChainFixture is Test, Attesters {
    ChainId internal constant SOURCE = ChainId.wrap(31337);
    ChainId internal constant HUB_CHAIN = ChainId.wrap(31340);
    uint256 internal constant THREE = 0xd;
    uint256 internal constant PLACES = 256;
    bytes32 internal constant TRUST = 0xfb99fee14eaa8bd88f4d83c49ebd8f0e61663988292ef4bf622011c33a304800;
    bytes32 internal constant SWORN = 0x2cb1a47ebfdbf64c3e0cd82d19c3d8f88cb4f5f58fc2aa6aef11415ad4e8e300;

    CommitteeLightClient internal hub;
    CommitteeLightClient internal sourceClient;
    RelayChainLightClient internal client;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        hub = new CommitteeLightClient(HUB_CHAIN, wordsOf(four("hub")));
        sourceClient = new CommitteeLightClient(SOURCE, wordsOf(four("source")));
        client = new RelayChainLightClient(SOURCE, ILightClient(hub), address(sourceClient));
    }

    function four(string memory label) internal pure returns (Attester[] memory) {
        return someAttesters(4, label);
    }

    /* THE SOURCE'S CLIENT */

    /// @notice The source's client on the hub comes to hold this header.
    function sourceTrusts(TrustedHeader memory header) internal {
        sourceClient.update(anUpdate(sourceClient, header, four("source"), THREE));
    }

    /// @notice The source's client on the hub sees two headers of one height.
    function sourceFreezes() internal {
        TrustedHeader memory one = aHeader(77);
        sourceTrusts(one);
        one.stateRoot = keccak256("another");
        sourceTrusts(one);
        assertTrue(sourceClient.frozen());
    }

    /* THE HUB */

    /// @notice A header of the hub with this state.
    function hubHeader(uint64 height, bytes32 stateRoot) internal pure returns (TrustedHeader memory header) {
        header = aHeader(height);
        header.stateRoot = stateRoot;
    }

    function hubUpdate(uint64 height, bytes32 stateRoot) internal view returns (bytes memory) {
        return anUpdate(hub, hubHeader(height, stateRoot), four("hub"), THREE);
    }

    function hubTrusts(uint64 height, bytes32 stateRoot) internal {
        hub.update(hubUpdate(height, stateRoot));
    }

    /// @notice The hub's state as it is now, and the reader's proof of a header under it.
    function proveHeader(uint64 height) internal view returns (bytes32 stateRoot, bytes memory proof) {
        uint256 place = uint256(TRUST) + 1 + 3 * (height % PLACES);
        bytes32[] memory slots = new bytes32[](4);
        (slots[0], slots[1]) = (TRUST, bytes32(place));
        (slots[2], slots[3]) = (bytes32(place + 1), bytes32(place + 2));
        return prove(slots);
    }

    function proveTrust() internal view returns (bytes32 stateRoot, bytes memory proof) {
        bytes32[] memory slots = new bytes32[](1);
        slots[0] = TRUST;
        return prove(slots);
    }

    /// @notice The hub's state as it is now, and the path of the source client's account and of each slot.
    function prove(bytes32[] memory slots) internal view returns (bytes32 stateRoot, bytes memory proof) {
        (bytes32[] memory keys, bytes[] memory values) = storageOf(address(sourceClient));
        bytes memory below;
        bytes32 storageRoot;
        for (uint256 i = 0; i < slots.length; ++i) {
            bytes[] memory nodes;
            (storageRoot, nodes) = TinyTrie.prove(keys, values, TinyTrie.slotKey(slots[i]));
            below = abi.encodePacked(below, TinyTrie.concat(nodes));
        }
        bytes[] memory path;
        (stateRoot, path) = _among(address(sourceClient), TinyTrie.accountValue(storageRoot));
        proof = abi.encodePacked(TinyTrie.concat(path), below);
    }

    /// @notice What the storage trie of a committee client holds.
    function storageOf(address account) internal view returns (bytes32[] memory keys, bytes[] memory values) {
        keys = new bytes32[](2 + 3 * PLACES);
        values = new bytes[](keys.length);
        uint256 n;
        for (uint256 i = 0; i < keys.length; ++i) {
            bytes32 slot = i == 0 ? SWORN : bytes32(uint256(TRUST) + i - 1);
            bytes32 value = vm.load(account, slot);
            if (value != 0) (keys[n], values[n++]) = (TinyTrie.slotKey(slot), TinyTrie.slotValue(value));
        }
        assembly ("memory-safe") {
            mstore(keys, n)
            mstore(values, n)
        }
    }

    /// @dev The path of an account in a state of 28, as on the devnet.
    function _among(address account, bytes memory value)
        private
        pure
        returns (bytes32 root, bytes[] memory nodes)
    {
        bytes32[] memory keys = new bytes32[](28);
        bytes[] memory values = new bytes[](28);
        for (uint256 i = 0; i < 27; ++i) {
            keys[i] = keccak256(abi.encode("account", i));
            values[i] = TinyTrie.accountValue(keccak256(abi.encode(keys[i])));
        }
        (keys[27], values[27]) = (TinyTrie.accountKey(account), value);
        return TinyTrie.prove(keys, values, keys[27]);
    }

    /* UPDATES */

    /// @notice The update of a header that the hub's client holds already, or does not need.
    function aDerivedUpdate(uint64 hubHeight, bytes memory hubUpdate_, uint64 height, bytes memory proof)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(hubHeight, uint32(hubUpdate_.length), hubUpdate_, height, proof);
    }

    /// @notice An update of `height` as the source's client holds it now; the hub's header of `hubHeight` is held.
    function anchored(uint64 hubHeight, uint64 height) internal returns (bytes memory) {
        (bytes32 stateRoot, bytes memory proof) = proveHeader(height);
        hubTrusts(hubHeight, stateRoot);
        return aDerivedUpdate(hubHeight, "", height, proof);
    }

    /// @notice Evidence that the source's client is frozen, if it is; the hub's header of `hubHeight` is held.
    function evidenceAt(uint64 hubHeight) internal returns (bytes memory) {
        (bytes32 stateRoot, bytes memory proof) = proveTrust();
        hubTrusts(hubHeight, stateRoot);
        return abi.encodePacked(hubHeight, uint32(0), proof);
    }

    function assertServes(TrustedHeader memory header) internal view {
        (bytes32 stateRoot, bytes32 receiptsRoot, uint64 timestamp) =
            client.header(Height.wrap(header.height));
        assertEq(stateRoot, header.stateRoot);
        assertEq(receiptsRoot, header.receiptsRoot);
        assertEq(timestamp, header.timestamp);
    }

    function assertServesNothing(uint64 height) internal {
        assertTrue(client.frozen());
        vm.expectRevert(ILightClient.ClientFrozen.selector);
        client.header(Height.wrap(height));
    }
}

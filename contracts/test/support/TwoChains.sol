// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {Test} from "forge-std/Test.sol";

import {Gateway} from "../../src/Gateway.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {ChainId, Height, Message, Messages} from "../../src/types/Message.sol";
import {FakeLightClient} from "./FakeLightClient.sol";
import {TinyTrie} from "./TinyTrie.sol";

/// @notice Two chains in one EVM: harbour sends, island receives. A proof is made of what really stands in the storage
///         of harbour's gateway.
abstract contract TwoChains is Test {
    ChainId internal constant HARBOUR = ChainId.wrap(31337);
    ChainId internal constant ISLAND = ChainId.wrap(31338);

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.Gateway")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 internal constant GATEWAY_STORAGE =
        0xda762a6435aff43bff6f91eaf92356939bb0739a555f6b8e688d95c8279ea600;

    address internal immutable governance = makeAddr("governance");
    address internal immutable alice = makeAddr("alice");
    address internal immutable relayer = makeAddr("relayer");

    AccessManager internal authority;
    Gateway internal harbour;
    Gateway internal island;
    FakeLightClient internal harbourOnIsland;
    FakeLightClient internal islandOnHarbour;

    /// @dev What harbour has sent to island; the message of nonce n stands at n − 1.
    Message[] internal sent;
    uint64 internal height;
    ChainId internal current;

    function setUp() public virtual {
        authority = AccessManager(deployCode("AccessManager.sol", abi.encode(governance)));
        harbour = new Gateway(address(authority));
        island = new Gateway(address(authority));
        harbourOnIsland = new FakeLightClient(HARBOUR);
        islandOnHarbour = new FakeLightClient(ISLAND);

        on(HARBOUR);
        vm.prank(governance);
        harbour.configureLane(ISLAND, address(island), islandOnHarbour);
        on(ISLAND);
        vm.prank(governance);
        island.configureLane(HARBOUR, address(harbour), harbourOnIsland);
    }

    /// @dev Everything after this happens on that chain. (The compiler may read `block.chainid` too early to ask it.)
    function on(ChainId chain) internal {
        current = chain;
        vm.chainId(ChainId.unwrap(chain));
    }

    function atIsland(address account) internal pure returns (bytes memory) {
        return InteroperableAddress.formatEvmV1(ChainId.unwrap(ISLAND), account);
    }

    function withGas(uint256 gasLimit) internal pure returns (bytes[] memory attributes) {
        attributes = new bytes[](1);
        attributes[0] = abi.encodeWithSignature("gasLimit(uint256)", gasLimit);
    }

    /// @dev Alice sends from harbour, and the test remembers.
    function send(address recipient, bytes memory payload, uint32 gasLimit) internal returns (bytes32 id) {
        ChainId here = current;
        on(HARBOUR);
        vm.prank(alice);
        id = harbour.sendMessage(atIsland(recipient), payload, withGas(gasLimit));
        sent.push(Message(alice, recipient, 0, gasLimit, 0, 0, payload));
        on(here);
    }

    function send(address recipient) internal returns (bytes32) {
        return send(recipient, abi.encode(sent.length + 1), 200_000);
    }

    function sendMany(address recipient, uint256 count) internal {
        for (uint256 i = 0; i < count; ++i) {
            send(recipient);
        }
    }

    /// @dev The messages `first … last`, proven by a new header, with everything sent after them as tail.
    function deliveryOf(uint64 first, uint64 last) internal returns (IGateway.Delivery memory delivery) {
        delivery.sourceChain = HARBOUR;
        delivery.firstNonce = first;
        delivery.messages = new Message[](last + 1 - first);
        for (uint64 i = 0; i < delivery.messages.length; ++i) {
            delivery.messages[i] = sent[first - 1 + i];
        }
        delivery.tail = new bytes32[](sent.length - last);
        for (uint64 i = 0; i < delivery.tail.length; ++i) {
            delivery.tail[i] = idOf(last + 1 + i);
        }
        prove(delivery, vm.load(address(harbour), slotOfLaneTo(ISLAND)));
    }

    /// @dev Gives the delivery a new trusted header, in whose state harbour's gateway holds this accumulator.
    function prove(IGateway.Delivery memory delivery, bytes32 accumulator) internal {
        bytes32 root;
        (root, delivery.proof) = TinyTrie.prove(address(harbour), slotOfLaneTo(ISLAND), accumulator);
        delivery.height = Height.wrap(++height);
        harbourOnIsland.trust(delivery.height, root);
    }

    function deliver(IGateway.Delivery memory delivery) internal {
        vm.prank(relayer);
        island.deliver(delivery);
    }

    function lane() internal view returns (bytes32) {
        return Messages.laneId(HARBOUR, address(harbour), ISLAND, address(island));
    }

    function idOf(uint64 nonce) internal view returns (bytes32) {
        Message memory message = sent[nonce - 1];
        return Messages.leaf(lane(), nonce, message, keccak256(message.payload));
    }

    /// @dev The accumulator after the first `count` messages sent.
    function accumulatorAfter(uint256 count) internal view returns (bytes32 accumulator) {
        accumulator = lane();
        for (uint64 nonce = 1; nonce <= count; ++nonce) {
            accumulator = Messages.fold(accumulator, idOf(nonce));
        }
    }

    function slotOfLaneTo(ChainId destination) internal pure returns (bytes32) {
        return keccak256(abi.encode(uint256(ChainId.unwrap(destination)), GATEWAY_STORAGE));
    }

    function assertDelivered(uint64 expected) internal view {
        (bytes32 accumulator, uint64 nonce,) = island.inbound(HARBOUR);
        assertEq(nonce, expected);
        assertEq(accumulator, accumulatorAfter(expected));
    }

    function assertOutcome(uint64 nonce, IGateway.Outcome expected) internal view {
        assertEq(uint256(island.outcome(idOf(nonce))), uint256(expected));
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {Gateway} from "../../../src/Gateway.sol";
import {IGateway} from "../../../src/interfaces/IGateway.sol";
import {ILightClient} from "../../../src/interfaces/ILightClient.sol";
import {ChainId, Height, Message, Messages} from "../../../src/types/Message.sol";
import {ThreeChains} from "../../assets/support/ThreeChains.sol";
import {FakeLightClient} from "../../support/FakeLightClient.sol";
import {TinyTrie} from "../../support/TinyTrie.sol";
import {OwnedLinks} from "../samples/OwnedLinks.sol";

/// @notice Applications of ERC-7786 on three chains, and Mallory, who has a gateway of her own.
abstract contract Applications is ThreeChains {
    address internal immutable mallory = makeAddr("mallory");
    bytes[] internal none;

    function setUp() public virtual override {
        super.setUp();
        on(HARBOUR);
    }

    function gatewayOf(ChainId chain) internal view returns (address) {
        return address(places[chain].gateway);
    }

    /// @dev Tells two applications of each other.
    function link(OwnedLinks here, ChainId hereChain, OwnedLinks there, ChainId thereChain) internal {
        vm.startPrank(governance);
        here.link(gatewayOf(hereChain), format(thereChain, address(there)));
        there.link(gatewayOf(thereChain), format(hereChain, address(here)));
        vm.stopPrank();
    }

    /// @dev Mallory sends it from harbour to island, in her own name. It is delivered, and this is how it comes out.
    function sentByMallory(address recipient, bytes memory payload) internal returns (IGateway.Outcome) {
        on(HARBOUR);
        vm.prank(mallory);
        bytes32 id = places[HARBOUR].gateway.sendMessage(format(ISLAND, recipient), payload, none);
        expectReceiving(recipient, id, mallory, payload);
        relay();
        return places[ISLAND].gateway.outcome(id);
    }

    /// @dev A gateway on island that believes whatever Mallory says delivers it in the name of `sender` on harbour.
    function forgedByMallory(address sender, address recipient, bytes memory payload)
        internal
        returns (IGateway.Outcome)
    {
        on(ISLAND);
        address real = gatewayOf(HARBOUR);
        FakeLightClient believing = new FakeLightClient(HARBOUR);
        Gateway forged = new Gateway(deployCode("AccessManager.sol", abi.encode(mallory)));
        vm.prank(mallory);
        forged.configureLane(HARBOUR, real, ILightClient(believing));

        IGateway.Delivery memory delivery;
        (delivery.sourceChain, delivery.firstNonce, delivery.height) = (HARBOUR, 1, Height.wrap(1));
        delivery.messages = new Message[](1);
        delivery.messages[0] = Message(sender, recipient, 0, 200_000, 0, 0, payload);
        bytes32 lane = Messages.laneId(HARBOUR, real, ISLAND, address(forged));
        bytes32 id = Messages.leaf(lane, 1, delivery.messages[0], keccak256(payload));
        bytes32 root;
        (root, delivery.proof) = TinyTrie.prove(real, slotOfLaneTo(ISLAND), Messages.fold(lane, id));
        believing.trust(delivery.height, root);

        expectReceiving(recipient, id, sender, payload);
        forged.deliver(delivery);
        return forged.outcome(id);
    }

    /// @dev From here on the recipient must be called with exactly this.
    function expectReceiving(address recipient, bytes32 id, address sender, bytes memory payload) private {
        bytes memory from = format(HARBOUR, sender);
        vm.expectCall(recipient, abi.encodeCall(IERC7786Recipient.receiveMessage, (id, from, payload)));
    }

    function assertOutcome(IGateway.Outcome actual, IGateway.Outcome expected) internal pure {
        assertEq(uint256(actual), uint256(expected));
    }
}

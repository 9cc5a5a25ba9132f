// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {Test} from "forge-std/Test.sol";
import {Vm} from "forge-std/Vm.sol";

import {Gateway} from "../../../src/Gateway.sol";
import {AssetGateway} from "../../../src/assets/AssetGateway.sol";
import {IGateway} from "../../../src/interfaces/IGateway.sol";
import {ILightClient} from "../../../src/interfaces/ILightClient.sol";
import {InteroperableAddresses} from "../../../src/types/InteroperableAddresses.sol";
import {ChainId, Height, Message, Messages} from "../../../src/types/Message.sol";
import {FakeLightClient} from "../../support/FakeLightClient.sol";
import {TinyTrie} from "../../support/TinyTrie.sol";

/// @notice Three chains in one EVM, each with its own gateway and asset gateway, all connected. What is sent is caught
///         from the logs, and delivered with proofs of what really stands in the source gateway's storage.
abstract contract ThreeChains is Test {
    ChainId internal constant HARBOUR = ChainId.wrap(31337);
    ChainId internal constant ISLAND = ChainId.wrap(31338);
    ChainId internal constant LAGOON = ChainId.wrap(31339);

    bytes32 internal constant GATEWAY_STORAGE =
        0xda762a6435aff43bff6f91eaf92356939bb0739a555f6b8e688d95c8279ea600;

    struct Place {
        Gateway gateway;
        AssetGateway assets;
    }

    address internal immutable governance = makeAddr("governance");
    address internal immutable alice = makeAddr("alice");
    address internal immutable bob = makeAddr("bob");
    address internal immutable relayer = makeAddr("relayer");

    AccessManager internal authority;
    ChainId[3] internal chains = [HARBOUR, ISLAND, LAGOON];
    mapping(ChainId => Place) internal places;
    mapping(ChainId source => mapping(ChainId destination => FakeLightClient)) internal clients;
    /// @dev What was sent on each lane; the message of nonce n stands at n − 1.
    mapping(ChainId source => mapping(ChainId destination => Message[])) internal sent;
    mapping(ChainId source => mapping(ChainId destination => uint64)) internal delivered;

    uint64 private height;
    ChainId private current;

    function setUp() public virtual {
        authority = AccessManager(deployCode("AccessManager.sol", abi.encode(governance)));
        for (uint256 i = 0; i < 3; ++i) {
            Gateway gateway = new Gateway(address(authority));
            places[chains[i]] =
                Place(gateway, new AssetGateway(gateway, address(authority), aWrappedNative()));
        }
        for (uint256 i = 0; i < 9; ++i) {
            if (i % 3 != i / 3) connect(chains[i / 3], chains[i % 3]);
        }
        vm.recordLogs();
    }

    /// @dev What wraps a chain's own coin; zero: nothing.
    function aWrappedNative() internal virtual returns (address) {
        return address(0);
    }

    /// @dev Lets `destination` take messages and assets from `source`.
    function connect(ChainId source, ChainId destination) private {
        FakeLightClient client = new FakeLightClient(source);
        clients[source][destination] = client;
        on(destination);
        vm.startPrank(governance);
        places[destination].gateway
            .configureLane(source, address(places[source].gateway), ILightClient(client));
        places[destination].assets.registerRemote(source, address(places[source].assets));
        vm.stopPrank();
    }

    /// @dev Everything after this happens on that chain. (The compiler may read `block.chainid` too early to ask it.)
    function on(ChainId chain) internal {
        current = chain;
        vm.chainId(ChainId.unwrap(chain));
    }

    function assetsOf(ChainId chain) internal view returns (AssetGateway) {
        return places[chain].assets;
    }

    /// @dev Takes the messages sent since the last time from the logs.
    function catchMessages() internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == IERC7786GatewaySource.MessageSent.selector) {
                _catch(logs[i].data, logs[i + 1]);
            }
        }
        notice(logs);
    }

    /// @dev For whoever wants to know what else was said.
    function notice(Vm.Log[] memory logs) internal virtual {}

    /// @dev What a call has sent that reverted then is among the logs too. Its nonce is given again, or not yet.
    function _catch(bytes memory messageSent, Vm.Log memory next) private {
        assertEq(next.topics[0], IGateway.MessageAccumulated.selector);
        (bytes memory sender, bytes memory recipient, bytes memory payload,,) =
            abi.decode(messageSent, (bytes, bytes, bytes, uint256, bytes[]));
        (, uint128 fee, uint32 gasLimit, uint64 deadline, uint8 flags) =
            abi.decode(next.data, (bytes32, uint128, uint32, uint64, uint8));
        (ChainId source, address from) = this.parse(sender);
        (ChainId destination, address to) = this.parse(recipient);
        Message[] storage all = sent[source][destination];
        (, uint64 sentNonce,) = places[source].gateway.outbound(destination);
        uint64 nonce = uint64(uint256(next.topics[2]));
        if (nonce > sentNonce) return;
        while (all.length >= nonce) {
            all.pop();
        }
        all.push(Message(from, to, fee, gasLimit, deadline, flags, payload));
    }

    function parse(bytes calldata encoded) external pure returns (ChainId chain, address account) {
        bool valid;
        (valid, chain, account) = InteroperableAddresses.tryParse(encoded);
        require(valid, "not an interoperable address");
    }

    function format(ChainId chain, address account) internal pure returns (bytes memory) {
        return InteroperableAddresses.format(chain, account);
    }

    /// @dev How many messages of a lane have not been delivered.
    function pending(ChainId source, ChainId destination) internal view returns (uint64) {
        return uint64(sent[source][destination].length) - delivered[source][destination];
    }

    /// @dev Everything pending on the lane, without header and proof.
    function batchOf(ChainId source, ChainId destination, uint64 count)
        internal
        view
        returns (IGateway.Delivery memory delivery)
    {
        Message[] storage all = sent[source][destination];
        uint64 first = delivered[source][destination] + 1;
        delivery.sourceChain = source;
        delivery.firstNonce = first;
        delivery.messages = new Message[](count);
        for (uint64 i = 0; i < count; ++i) {
            delivery.messages[i] = all[first - 1 + i];
        }
        delivery.tail = new bytes32[](all.length - (first - 1) - count);
        for (uint64 i = 0; i < delivery.tail.length; ++i) {
            delivery.tail[i] = idOf(source, destination, first + count + i);
        }
    }

    /// @dev Delivers what is pending on a lane, and catches what that sends.
    function deliver(ChainId source, ChainId destination) internal {
        catchMessages();
        uint64 count = pending(source, destination);
        if (count > 0) deliver(source, destination, count);
    }

    function deliver(ChainId source, ChainId destination, uint64 count) internal {
        catchMessages();
        IGateway.Delivery memory delivery = batchOf(source, destination, count);
        address gateway = address(places[source].gateway);
        bytes32 slot = slotOfLaneTo(destination);
        bytes32 root;
        (root, delivery.proof) = TinyTrie.prove(gateway, slot, vm.load(gateway, slot));
        delivery.height = Height.wrap(++height);
        clients[source][destination].trust(delivery.height, root);

        ChainId before = current;
        on(destination);
        vm.prank(relayer);
        places[destination].gateway.deliver(delivery);
        delivered[source][destination] += count;
        catchMessages();
        on(before);
    }

    /// @dev Delivers until nothing is pending on any lane.
    function relay() internal {
        catchMessages();
        bool busy = true;
        while (busy) {
            busy = false;
            for (uint256 i = 0; i < 9; ++i) {
                if (pending(chains[i / 3], chains[i % 3]) == 0) continue;
                deliver(chains[i / 3], chains[i % 3]);
                busy = true;
            }
        }
    }

    function retry(ChainId source, ChainId destination, uint64 nonce) internal {
        ChainId before = current;
        on(destination);
        places[destination].gateway.retry(source, nonce, sent[source][destination][nonce - 1]);
        catchMessages();
        on(before);
    }

    function bounce(ChainId source, ChainId destination, uint64 nonce) internal {
        ChainId before = current;
        on(destination);
        places[destination].gateway.bounce(source, nonce, sent[source][destination][nonce - 1]);
        catchMessages();
        on(before);
    }

    function idOf(ChainId source, ChainId destination, uint64 nonce) internal view returns (bytes32) {
        Message memory message = sent[source][destination][nonce - 1];
        bytes32 lane = Messages.laneId(
            source, address(places[source].gateway), destination, address(places[destination].gateway)
        );
        return Messages.leaf(lane, nonce, message, keccak256(message.payload));
    }

    function outcomeOf(ChainId source, ChainId destination, uint64 nonce)
        internal
        view
        returns (IGateway.Outcome)
    {
        return places[destination].gateway.outcome(idOf(source, destination, nonce));
    }

    /// @dev How the message sent last on the lane came out.
    function lastFailed(ChainId source, ChainId destination) internal view returns (bool) {
        uint64 nonce = uint64(sent[source][destination].length);
        return outcomeOf(source, destination, nonce) == IGateway.Outcome.Failed;
    }

    function slotOfLaneTo(ChainId destination) internal pure returns (bytes32) {
        return keccak256(abi.encode(uint256(ChainId.unwrap(destination)), GATEWAY_STORAGE));
    }

    function one(uint256 value) internal pure returns (uint256[] memory array) {
        array = new uint256[](1);
        array[0] = value;
    }

    function two(uint256 first, uint256 second) internal pure returns (uint256[] memory array) {
        array = new uint256[](2);
        (array[0], array[1]) = (first, second);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {Bft} from "../../src/light_clients/Bft.sol";
import {QbftLightClient} from "../../src/light_clients/QbftLightClient.sol";
import {Height} from "../../src/types/Message.sol";
import {ThreeChains} from "../assets/support/ThreeChains.sol";
import {SampleERC20} from "../assets/support/samples/SampleERC20.sol";
import {BftChain} from "../support/BftChain.sol";
import {DevnetTrie} from "../support/DevnetTrie.sol";
import {TransactionGas} from "../support/TransactionGas.sol";

/// @notice What ERC-20 cost to deliver from a QBFT chain of four validators: whole transactions with calldata, in which
///         the client verifies a Prague header with three seals. The steady state is that of {AssetGasTest}: the token
///         is known on the lane, the client's ring has gone round, storage is cold, proofs have the devnet's shape.
/// forge-config: default.isolate = true
contract QbftDeliveryGasTest is ThreeChains, BftChain {
    uint64 private constant HEIGHT = 300;
    uint64 private constant RING = 256;

    QbftLightClient private client;
    SampleERC20 private coins;

    function setUp() public override {
        super.setUp();
        vm.warp(START + 1000);
        on(ISLAND);
        client = new QbftLightClient(HARBOUR, 1, START, "anchor", payloadOf(four()), 1 weeks, false);
        vm.prank(governance);
        places[ISLAND].gateway.configureLane(HARBOUR, address(places[HARBOUR].gateway), client);

        coins = new SampleERC20("Coins", "COIN", 18);
        coins.mint(alice, 1_000_000 ether);
        vm.prank(alice);
        coins.approve(address(assetsOf(HARBOUR)), type(uint256).max);
        sendCoins(1);
        deliverPending(HEIGHT - RING);
    }

    function four() private pure returns (Validator[] memory) {
        return someValidators(4, "validators");
    }

    function sendCoins(uint256 times) private {
        on(HARBOUR);
        vm.startPrank(alice);
        for (uint256 i = 0; i < times; ++i) {
            assetsOf(HARBOUR).sendERC20(address(coins), ISLAND, bob, 7 ether);
        }
        vm.stopPrank();
        catchMessages();
    }

    /// @dev Delivers what is pending in one transaction that updates the client.
    function deliverPending(uint64 height) private returns (uint256 gas) {
        uint64 count = pending(HARBOUR, ISLAND);
        IGateway.Delivery memory delivery = batchOf(HARBOUR, ISLAND, count);
        delivery.height = Height.wrap(height);
        address gateway = address(places[HARBOUR].gateway);
        bytes32 slot = slotOfLaneTo(ISLAND);
        Block memory head = aBlock(height);
        (head.stateRoot, delivery.proof) = DevnetTrie.prove(gateway, slot, vm.load(gateway, slot));
        assertGe(delivery.proof.length, 754);
        delivery.headerUpdate = aStep(head, four(), first(3), Bft.Dialect.Qbft, "");

        on(ISLAND);
        bytes memory data = abi.encodeCall(IGateway.deliver, delivery);
        vm.prank(relayer);
        (bool succeeded,) = address(places[ISLAND].gateway).call(data);
        gas = vm.lastCallGas().gasTotalUsed;
        assertTrue(succeeded);
        assertGe(gas, TransactionGas.least(data));
        (bytes32 stateRoot,,) = client.header(delivery.height);
        assertEq(stateRoot, head.stateRoot);
        delivered[HARBOUR][ISLAND] += count;
    }

    function snapshotDelivery(string memory name, uint64 count) private returns (uint256 gas) {
        sendCoins(count);
        gas = deliverPending(HEIGHT) / count;
        uint64 nonce = delivered[HARBOUR][ISLAND];
        for (uint64 i = 0; i < count; ++i) {
            assertEq(uint256(outcomeOf(HARBOUR, ISLAND, nonce - i)), uint256(IGateway.Outcome.Ordinary));
        }
        vm.snapshotValue("assets", name, gas);
    }

    function test_erc20_single_qbft() public {
        snapshotDelivery("erc20_single_qbft", 1);
    }

    function test_erc20_batch10_qbft() public {
        snapshotDelivery("erc20_batch10_qbft", 10);
    }

    function test_erc20_batch50_qbft() public {
        assertLe(snapshotDelivery("erc20_batch50_qbft", 50), 18_500);
    }
}

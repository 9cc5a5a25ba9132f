// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {CommitteeLightClient} from "../../src/light_clients/CommitteeLightClient.sol";
import {TrustedHeader} from "../../src/light_clients/TrustedHeaders.sol";
import {Height} from "../../src/types/Message.sol";
import {ThreeChains} from "../assets/support/ThreeChains.sol";
import {SampleERC1155} from "../assets/support/samples/SampleERC1155.sol";
import {SampleERC20} from "../assets/support/samples/SampleERC20.sol";
import {SampleERC721} from "../assets/support/samples/SampleERC721.sol";
import {Attesters} from "../support/Attesters.sol";
import {DevnetTrie} from "../support/DevnetTrie.sol";
import {PlainERC721} from "./PlainERC721.sol";

/// @notice What assets cost to send and to deliver: whole transactions with calldata, verification included, in the
///         steady state (the token is known on the lane, the client's ring has gone round), storage cold, a committee of
///         3 of 4, proofs of the shape they have on the devnet (see {DevnetTrie}).
///         Amounts are whole tokens of 18 decimals; the recipient is an account without code that holds some already,
///         and another than the sender, who is therefore named in each message.
/// forge-config: default.isolate = true
contract AssetGasTest is ThreeChains, Attesters {
    uint64 private constant HEIGHT = 300;

    CommitteeLightClient private client;
    Attester[] private attesters;
    SampleERC20 private coins;
    PlainERC721 private herons;
    SampleERC721 private egrets;
    SampleERC1155 private shells;
    SampleERC20 private news;

    function setUp() public override {
        super.setUp();
        Attester[] memory all = someAttesters(4, "harbour");
        for (uint256 i = 0; i < all.length; ++i) {
            attesters.push(all[i]);
        }
        on(ISLAND);
        client = new CommitteeLightClient(HARBOUR, wordsOf(all));
        vm.prank(governance);
        places[ISLAND].gateway.configureLane(HARBOUR, address(places[HARBOUR].gateway), client);

        coins = new SampleERC20("Coins", "COIN", 18);
        herons = new PlainERC721();
        egrets = new SampleERC721("Egrets", "EGRET", address(0), 0);
        shells = new SampleERC1155("Shells", "SHELL", address(0), 0);
        news = new SampleERC20("Some News", "NEWS", 18);
        coins.mint(alice, 1_000_000 ether);
        news.mint(alice, 1_000_000 ether);
        for (uint256 id = 1; id <= 51; ++id) {
            egrets.mint(alice, id, "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtq55");
            shells.mint(alice, id, 100, "");
        }
        for (uint256 id = 1; id < 100; ++id) {
            herons.mint(alice, id);
        }
        vm.startPrank(alice);
        coins.approve(address(assetsOf(HARBOUR)), type(uint256).max);
        news.approve(address(assetsOf(HARBOUR)), type(uint256).max);
        herons.setApprovalForAll(address(assetsOf(HARBOUR)), true);
        egrets.setApprovalForAll(address(assetsOf(HARBOUR)), true);
        shells.setApprovalForAll(address(assetsOf(HARBOUR)), true);
        vm.stopPrank();

        sendCoins(bob);
        sendHerons(1);
        sendEgret(51);
        sendShells();
        catchMessages();
        (bool succeeded,) = deliverPending(HEIGHT - 256);
        assertTrue(succeeded);
    }

    function sendCoins(address to) private {
        on(HARBOUR);
        vm.prank(alice);
        assetsOf(HARBOUR).sendERC20(address(coins), ISLAND, to, 7 ether);
    }

    function sendHerons(uint256 id) private {
        on(HARBOUR);
        vm.prank(alice);
        assetsOf(HARBOUR).sendERC721(address(herons), one(id), ISLAND, bob);
    }

    function sendEgret(uint256 id) private {
        on(HARBOUR);
        vm.prank(alice);
        assetsOf(HARBOUR).sendERC721(address(egrets), one(id), ISLAND, bob);
    }

    /// @dev Ten ids in one message.
    function sendShells() private {
        uint256[] memory ids = new uint256[](10);
        uint256[] memory amounts = new uint256[](10);
        for (uint256 i = 0; i < 10; ++i) {
            (ids[i], amounts[i]) = (i + 1, 7);
        }
        on(HARBOUR);
        vm.prank(alice);
        assetsOf(HARBOUR).sendERC1155(address(shells), ids, amounts, ISLAND, bob);
    }

    /// @dev Delivers what is pending in one transaction that updates the client.
    function deliverPending(uint64 height_) private returns (bool succeeded, uint256 gas) {
        catchMessages();
        uint64 count = pending(HARBOUR, ISLAND);
        IGateway.Delivery memory delivery = batchOf(HARBOUR, ISLAND, count);
        delivery.height = Height.wrap(height_);
        TrustedHeader memory header = aHeader(height_);
        address gateway = address(places[HARBOUR].gateway);
        bytes32 slot = slotOfLaneTo(ISLAND);
        (header.stateRoot, delivery.proof) = DevnetTrie.prove(gateway, slot, vm.load(gateway, slot));
        assertGe(delivery.proof.length, 754);
        on(ISLAND);
        delivery.headerUpdate = anUpdate(client, header, attesters, 0x7);
        bytes memory data = abi.encodeCall(IGateway.deliver, delivery);

        vm.startPrank(relayer);
        (succeeded,) = address(places[ISLAND].gateway).call(data);
        vm.stopPrank();
        gas = vm.lastCallGas().gasTotalUsed;
        delivered[HARBOUR][ISLAND] += count;
    }

    function snapshotDelivery(string memory name, uint256 count) private returns (uint256 gas) {
        (bool succeeded, uint256 all) = deliverPending(HEIGHT);
        assertTrue(succeeded);
        uint64 nonce = delivered[HARBOUR][ISLAND];
        for (uint256 i = 0; i < count; ++i) {
            assertEq(uint256(outcomeOf(HARBOUR, ISLAND, nonce - uint64(i))), 0);
        }
        gas = all / count;
        vm.snapshotValue("assets", name, gas);
    }

    function test_erc20_single_known() public {
        sendCoins(bob);
        snapshotDelivery("erc20_single_known", 1);
    }

    function test_erc20_batch10_known() public {
        for (uint256 i = 0; i < 10; ++i) {
            sendCoins(bob);
        }
        assertLe(snapshotDelivery("erc20_batch10_known", 10), 26_500);
    }

    function test_erc20_batch50_known() public {
        for (uint256 i = 0; i < 50; ++i) {
            sendCoins(bob);
        }
        assertLe(snapshotDelivery("erc20_batch50_known", 50), 19_000);
    }

    /// @dev 50 recipients, each of whom holds some already.
    function test_erc20_batch50_distinct() public {
        for (uint160 i = 1; i <= 50; ++i) {
            sendCoins(address(0xb0b0000 + i));
        }
        (bool succeeded,) = deliverPending(HEIGHT - 1);
        assertTrue(succeeded);
        for (uint160 i = 1; i <= 50; ++i) {
            sendCoins(address(0xb0b0000 + i));
        }
        snapshotDelivery("erc20_batch50_distinct", 50);
    }

    /// @dev 50 recipients, none of whom holds any.
    function test_erc20_batch50_fresh() public {
        for (uint160 i = 1; i <= 50; ++i) {
            sendCoins(address(0xb0b0000 + i));
        }
        assertLe(snapshotDelivery("erc20_batch50_fresh", 50), 37_000);
    }

    /// @dev What a token costs that the lane does not know beside what is delivered with it: creating it, and the transfer
    ///      that needs it.
    function test_first_wrapped_erc20() public {
        for (uint256 i = 0; i < 20; ++i) {
            sendCoins(bob);
        }
        catchMessages();
        uint256 before = vm.snapshotState();
        (bool succeeded, uint256 without) = deliverPending(HEIGHT);
        assertTrue(succeeded);
        vm.revertToState(before);

        vm.prank(alice);
        assetsOf(HARBOUR).sendERC20(address(news), ISLAND, bob, 7 ether);
        uint256 whole;
        (succeeded, whole) = deliverPending(HEIGHT);
        assertTrue(succeeded);
        assertEq(news.balanceOf(address(assetsOf(HARBOUR))), 7 ether);
        vm.snapshotValue("assets", "first_wrapped_erc20", whole - without);
        assertLe(whole - without, 230_000);
    }

    function test_erc721_single() public {
        sendHerons(2);
        snapshotDelivery("erc721_single", 1);
    }

    /// @dev One item a message, without URI.
    function test_erc721_batch10() public {
        for (uint256 i = 0; i < 10; ++i) {
            sendHerons(2 + i);
        }
        assertLe(snapshotDelivery("erc721_batch10", 10), 49_000);
    }

    /// @dev One item a message, each with a URI of 60 bytes.
    function test_erc721_batch50_uri60() public {
        assertEq(bytes(egrets.tokenURI(1)).length, 60);
        for (uint256 i = 1; i <= 50; ++i) {
            sendEgret(i);
        }
        assertLe(snapshotDelivery("erc721_batch50_uri60", 50), 112_000);
    }

    /// @dev Ten ids in one message, delivered alone.
    function test_erc1155_per_id_of_10() public {
        sendShells();
        uint256 gas = snapshotDelivery("erc1155_of_10", 1);
        vm.snapshotValue("assets", "erc1155_per_id_of_10", gas / 10);
        assertLe(gas / 10, 25_000);
    }

    function test_erc20_lock() public {
        sendCoins(bob);
        uint256 gas = vm.lastCallGas().gasTotalUsed;
        vm.snapshotValue("assets", "erc20_lock", gas);
        assertLe(gas, 85_000);
    }

    /// @dev An item that leaves its home for the first time, without URI and royalty.
    function test_erc721_lock() public {
        sendHerons(2);
        uint256 gas = vm.lastCallGas().gasTotalUsed;
        vm.snapshotValue("assets", "erc721_lock", gas);
        assertLe(gas, 97_000);
    }
}

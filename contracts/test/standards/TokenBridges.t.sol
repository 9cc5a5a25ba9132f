// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC7786Recipient} from "@openzeppelin/contracts/crosschain/ERC7786Recipient.sol";
import {IERC7802} from "@openzeppelin/contracts/interfaces/draft-IERC7802.sol";

import {SampleERC1155} from "../../script/samples/SampleERC1155.sol";
import {SampleERC20} from "../../script/samples/SampleERC20.sol";
import {SampleERC721} from "../../script/samples/SampleERC721.sol";
import {Gateway} from "../../src/Gateway.sol";
import {IFees} from "../../src/interfaces/IFees.sol";
import {IGateway} from "../../src/interfaces/IGateway.sol";
import {FeeSchedule} from "../../src/types/Fees.sol";
import {QuietRecipient} from "../support/Recipients.sol";
import {SampleBridgeERC1155} from "./samples/SampleBridgeERC1155.sol";
import {SampleBridgeERC20} from "./samples/SampleBridgeERC20.sol";
import {SampleBridgeERC721} from "./samples/SampleBridgeERC721.sol";
import {SampleBridgeERC7802} from "./samples/SampleBridgeERC7802.sol";
import {SampleERC1155Crosschain} from "./samples/SampleERC1155Crosschain.sol";
import {SampleERC20Bridgeable} from "./samples/SampleERC20Bridgeable.sol";
import {SampleERC20Crosschain} from "./samples/SampleERC20Crosschain.sol";
import {SampleERC721Crosschain} from "./samples/SampleERC721Crosschain.sol";
import {Applications} from "./support/Applications.sol";

/// @notice OpenZeppelin's token bridges, unmodified, over our gateways: an original in custody on harbour, and a token on
///         island that its own bridge mints.
contract TokenBridgesTest is Applications {
    SampleERC20 private coin;
    SampleBridgeERC20 private custody;
    SampleERC20Crosschain private coinOnIsland;

    function setUp() public override {
        super.setUp();
        coin = new SampleERC20("Coin", "COIN");
        custody = new SampleBridgeERC20(coin, governance);
        coinOnIsland = new SampleERC20Crosschain("Coin", "COIN", governance);
        link(custody, HARBOUR, coinOnIsland, ISLAND);
        coin.mint(alice, 1_000);
        vm.prank(alice);
        coin.approve(address(custody), 1_000);
    }

    /* ASSETS CROSS AND COME HOME */

    function test_anERC20InCustody_crossesToACrosschainTokenAndComesHome() public {
        vm.prank(alice);
        custody.crosschainTransfer(format(ISLAND, bob), 300);
        relay();
        assertEq(coinOnIsland.balanceOf(bob), 300);
        assertEq(coin.balanceOf(address(custody)), 300);

        on(ISLAND);
        vm.prank(bob);
        coinOnIsland.crosschainTransfer(format(HARBOUR, alice), 300);
        relay();
        assertEq(coinOnIsland.totalSupply(), 0);
        assertEq(coin.balanceOf(address(custody)), 0);
        assertEq(coin.balanceOf(alice), 1_000);
    }

    function test_anERC20InCustody_crossesToAnERC7802TokenAndComesHome() public {
        SampleERC20Bridgeable coinOnLagoon = new SampleERC20Bridgeable("Coin", "COIN", governance);
        SampleBridgeERC7802 minter = new SampleBridgeERC7802(IERC7802(address(coinOnLagoon)), governance);
        link(custody, HARBOUR, minter, LAGOON);
        vm.prank(governance);
        coinOnLagoon.trust(address(minter));

        vm.prank(alice);
        custody.crosschainTransfer(format(LAGOON, bob), 200);
        relay();
        assertEq(coinOnLagoon.balanceOf(bob), 200);
        assertEq(coin.balanceOf(address(custody)), 200);

        on(LAGOON);
        vm.prank(bob);
        minter.crosschainTransfer(format(HARBOUR, bob), 200);
        relay();
        assertEq(coinOnLagoon.totalSupply(), 0);
        assertEq(coin.balanceOf(bob), 200);
    }

    function test_anERC721InCustody_crossesToACrosschainTokenAndComesHome() public {
        SampleERC721 herons = new SampleERC721("Herons", "HRN");
        SampleBridgeERC721 nest = new SampleBridgeERC721(herons, governance);
        SampleERC721Crosschain heronsOnIsland = new SampleERC721Crosschain("Herons", "HRN", governance);
        link(nest, HARBOUR, heronsOnIsland, ISLAND);
        herons.mint(alice, 42, "ipfs://herons/42", alice, 0);

        vm.startPrank(alice);
        herons.approve(address(nest), 42);
        nest.crosschainTransferFrom(alice, format(ISLAND, bob), 42);
        vm.stopPrank();
        relay();
        assertEq(heronsOnIsland.ownerOf(42), bob);
        assertEq(herons.ownerOf(42), address(nest));

        on(ISLAND);
        vm.prank(bob);
        heronsOnIsland.crosschainTransferFrom(bob, format(HARBOUR, alice), 42);
        relay();
        assertEq(herons.ownerOf(42), alice);
        assertEq(heronsOnIsland.balanceOf(bob), 0);
    }

    function test_anERC1155InCustody_crossesToACrosschainTokenAndComesHome() public {
        (SampleERC1155 shells, SampleBridgeERC1155 shore, SampleERC1155Crosschain shellsOnIsland) =
            shellsOfAlice(2);

        vm.prank(alice);
        shore.crosschainTransferFrom(alice, format(ISLAND, bob), two(0, 1), two(3, 5));
        relay();
        assertEq(shellsOnIsland.balanceOf(bob, 0), 3);
        assertEq(shellsOnIsland.balanceOf(bob, 1), 5);
        assertEq(shells.balanceOf(address(shore), 1), 5);

        on(ISLAND);
        vm.prank(bob);
        shellsOnIsland.crosschainTransferFrom(bob, format(HARBOUR, alice), two(0, 1), two(3, 5));
        relay();
        assertEq(shells.balanceOf(alice, 0), 10);
        assertEq(shells.balanceOf(alice, 1), 10);
        assertEq(shellsOnIsland.balanceOf(bob, 1), 0);
    }

    /// @dev OpenZeppelin's applications name no gas limit. What needs more than the default is not lost.
    function test_aBatchThatNeedsMoreThanTheDefaultGas_arrivesWhenAnyoneRetriesIt() public {
        (, SampleBridgeERC1155 shore, SampleERC1155Crosschain shellsOnIsland) = shellsOfAlice(12);
        uint256[] memory ids = new uint256[](12);
        uint256[] memory amounts = new uint256[](12);
        for (uint256 i = 0; i < 12; ++i) {
            (ids[i], amounts[i]) = (i, 1);
        }
        vm.prank(alice);
        shore.crosschainTransferFrom(alice, format(ISLAND, bob), ids, amounts);

        relay();
        assertTrue(lastFailed(HARBOUR, ISLAND));
        assertEq(shellsOnIsland.balanceOf(bob, 11), 0);

        retry(HARBOUR, ISLAND, 1);
        assertEq(shellsOnIsland.balanceOf(bob, 11), 1);
    }

    /* WHO PAYS */

    /// @dev OpenZeppelin's applications send no value. On a lane that costs something they live from what anyone has
    ///      prepaid for them.
    function test_onAPricedLane_anApplicationLivesFromWhatWasPrepaidForIt() public {
        Gateway gateway = places[HARBOUR].gateway;
        price(gateway, FeeSchedule({perMessage: 20_000, perGas: 3, perByte: 5, bounce: 0}));
        uint256 fee = gateway.quote(ISLAND, 0, transferOf(alice, bob, 300).length, false);
        bytes memory toBob = format(ISLAND, bob);
        vm.deal(alice, 2 * fee);

        vm.expectRevert(abi.encodeWithSelector(IFees.FeeInsufficient.selector, 0, fee));
        vm.prank(alice);
        custody.crosschainTransfer(toBob, 300);
        assertEq(coin.balanceOf(alice), 1_000);

        vm.startPrank(alice);
        gateway.prepay{value: 2 * fee}(address(custody));
        custody.crosschainTransfer(toBob, 300);
        vm.stopPrank();
        relay();

        assertEq(coinOnIsland.balanceOf(bob), 300);
        assertEq(gateway.prepaid(address(custody)), fee);
        assertEq(places[ISLAND].gateway.earned(HARBOUR, relayer), fee);
    }

    /* NOBODY ELSE MINTS */

    function test_aMessageOfAnotherSender_mintsNothing() public {
        bytes memory payload = transferOf(mallory, mallory, 300);

        IGateway.Outcome outcome = sentByMallory(address(coinOnIsland), payload);

        assertOutcome(outcome, IGateway.Outcome.Failed);
        assertEq(coinOnIsland.totalSupply(), 0);
    }

    function test_aMessageOfAForgedGateway_mintsNothing() public {
        bytes memory payload = transferOf(alice, mallory, 300);
        address gullible = address(new QuietRecipient());

        IGateway.Outcome atGullible = forgedByMallory(address(custody), gullible, payload);
        IGateway.Outcome atToken = forgedByMallory(address(custody), address(coinOnIsland), payload);

        assertOutcome(atGullible, IGateway.Outcome.Ordinary);
        assertOutcome(atToken, IGateway.Outcome.Failed);
        assertEq(coinOnIsland.totalSupply(), 0);
    }

    function test_aCallOfAnyoneElse_isRefused() public {
        bytes memory sender = format(HARBOUR, address(custody));

        vm.expectRevert(
            abi.encodeWithSelector(
                ERC7786Recipient.ERC7786RecipientUnauthorizedGateway.selector, mallory, sender
            )
        );
        vm.prank(mallory);
        coinOnIsland.receiveMessage(0, sender, transferOf(alice, mallory, 300));
    }

    /* MAKERS */

    function price(Gateway gateway, FeeSchedule memory schedule) private {
        vm.startPrank(governance);
        gateway.setFeeBounds(ISLAND, schedule);
        gateway.setFees(ISLAND, schedule);
        vm.stopPrank();
    }

    function transferOf(address from, address to, uint256 amount) private view returns (bytes memory) {
        return abi.encode(format(HARBOUR, from), abi.encodePacked(to), amount);
    }

    /// @dev Ten each of the first ids, and a bridge that may take them.
    function shellsOfAlice(uint256 count)
        private
        returns (SampleERC1155 shells, SampleBridgeERC1155 shore, SampleERC1155Crosschain shellsOnIsland)
    {
        shells = new SampleERC1155("");
        shore = new SampleBridgeERC1155(shells, governance);
        shellsOnIsland = new SampleERC1155Crosschain("", governance);
        link(shore, HARBOUR, shellsOnIsland, ISLAND);
        for (uint256 id = 0; id < count; ++id) {
            shells.mintBatch(alice, one(id), one(10));
        }
        vm.prank(alice);
        shells.setApprovalForAll(address(shore), true);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC1155Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {IGateway} from "../../src/interfaces/IGateway.sol";
import {IMarketplace} from "../../src/interfaces/IMarketplace.sol";
import {ISettlement} from "../../src/interfaces/ISettlement.sol";
import {Settlement} from "../../src/marketplace/Settlement.sol";
import {Listing, Share, ShareKind} from "../../src/types/Listings.sol";
import {ChainId} from "../../src/types/Message.sol";
import {Markets} from "./support/Markets.sol";

/// @notice What the settlement of island believes of what it is told, and what becomes of refused purchases.
contract SettlingTest is Markets {
    bytes32 private id;

    function setUp() public override {
        super.setUp();
        id = buy(anOrder(aHeron(2, ISLAND, address(silver)), HARBOUR));
    }

    function theShares(uint128 amount) private view returns (Share[] memory shares) {
        shares = new Share[](1);
        shares[0] = Share(ISLAND, carol, amount, ShareKind.PROCEEDS);
    }

    function settling(uint128 amount) private view returns (bytes memory) {
        return abi.encodePacked(uint8(2), abi.encode(id, theShares(amount)));
    }

    function refunding() private view returns (bytes memory) {
        return abi.encodePacked(uint8(3), abi.encode(id, bytes4("why?")));
    }

    function assertDisbelieves(ChainId source, address sender, bytes memory payload, bytes memory reason)
        private
    {
        on(ISLAND);
        Settlement settlement = settlementOf(ISLAND);
        vm.prank(address(places[ISLAND].gateway));
        vm.expectRevert(reason);
        settlement.receiveMessage(0, format(source, sender), payload);
    }

    function twin(ChainId chain) private view returns (address) {
        return address(settlementOf(chain));
    }

    /* WHO */

    function test_nobodyButTheGateway_bringsMessages() public {
        on(ISLAND);
        bytes memory sender = format(HARBOUR, twin(HARBOUR));
        bytes memory refusal = abi.encodeWithSelector(ISettlement.NotGateway.selector, address(this));
        Settlement settlement = settlementOf(ISLAND);
        vm.expectRevert(refusal);
        settlement.receiveMessage(0, sender, settling(PRICE));
        vm.expectRevert(refusal);
        settlement.messageBounced(0, sender, abi.encodePacked(uint8(1), id));
    }

    function test_nobodyButTheTwin_isBelieved() public {
        bytes4 reason = ISettlement.NotRemote.selector;
        bytes memory payload = settling(PRICE);
        assertDisbelieves(HARBOUR, carol, payload, abi.encodeWithSelector(reason, format(HARBOUR, carol)));
        address lagoons = twin(LAGOON);
        assertDisbelieves(HARBOUR, lagoons, payload, abi.encodeWithSelector(reason, format(HARBOUR, lagoons)));
        ChainId nowhere = ChainId.wrap(5);
        assertDisbelieves(
            nowhere, address(0), payload, abi.encodeWithSelector(reason, format(nowhere, address(0)))
        );
    }

    function test_anotherChainsAnswer_isNotBelieved() public {
        bytes memory reason = abi.encodeWithSelector(ISettlement.PurchaseNotOpen.selector, id, LAGOON);
        assertDisbelieves(LAGOON, twin(LAGOON), settling(PRICE), reason);
        assertDisbelieves(LAGOON, twin(LAGOON), refunding(), reason);
        assertOpen(ISLAND, id);
    }

    function test_anAnswer_isBelievedOnce() public {
        tell(HARBOUR, twin(HARBOUR), ISLAND, settling(PRICE));
        bytes memory reason = abi.encodeWithSelector(ISettlement.PurchaseNotOpen.selector, id, HARBOUR);
        assertDisbelieves(HARBOUR, twin(HARBOUR), settling(PRICE), reason);
        assertDisbelieves(HARBOUR, twin(HARBOUR), refunding(), reason);
        assertEq(creditOf(ISLAND, ISLAND, carol, address(silver)), PRICE);
    }

    function test_shares_makeWhatWasPaid() public {
        assertDisbelieves(
            HARBOUR,
            twin(HARBOUR),
            settling(PRICE - 1),
            abi.encodeWithSelector(ISettlement.SharesDiffer.selector, PRICE - 1, PRICE)
        );
        assertDisbelieves(
            HARBOUR,
            twin(HARBOUR),
            settling(PRICE + 1),
            abi.encodeWithSelector(ISettlement.SharesDiffer.selector, PRICE + 1, PRICE)
        );
    }

    function test_whatIsNoMessageOfASettlement_isRefused() public {
        bytes memory reason = abi.encodeWithSelector(ISettlement.PayloadMalformed.selector);
        assertDisbelieves(HARBOUR, twin(HARBOUR), "", reason);
        assertDisbelieves(HARBOUR, twin(HARBOUR), hex"00", reason);
        assertDisbelieves(HARBOUR, twin(HARBOUR), hex"05", reason);
        Settlement settlement = settlementOf(ISLAND);
        vm.prank(address(places[ISLAND].gateway));
        vm.expectRevert(reason);
        settlement.messageBounced(0, format(HARBOUR, twin(HARBOUR)), settling(PRICE));
    }

    /* GOVERNANCE */

    function test_governance_isBehindItsRole() public {
        Settlement settlement = settlementOf(ISLAND);
        bytes memory refusal =
            abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(this));
        vm.expectRevert(refusal);
        settlement.registerRemote(HARBOUR, carol);
        vm.expectRevert(refusal);
        settlement.setToll(HARBOUR, 1);
        vm.expectRevert(refusal);
        settlement.setTreasury(carol);
    }

    function test_aRemote_isSomebodyElsewhere() public {
        on(ISLAND);
        Settlement settlement = settlementOf(ISLAND);
        vm.startPrank(governance);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.RemoteInvalid.selector, ISLAND, carol));
        settlement.registerRemote(ISLAND, carol);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.RemoteInvalid.selector, LAGOON, 0));
        settlement.registerRemote(LAGOON, address(0));
    }

    /* RETRIES */

    /// @dev Island does not know its twin for a while, so that the answer fails; then anybody retries it.
    function test_anAnswerThatFailed_isRetried() public {
        deliver(ISLAND, HARBOUR);
        on(ISLAND);
        vm.prank(governance);
        settlementOf(ISLAND).registerRemote(HARBOUR, carol);
        relay();
        assertTrue(lastFailed(HARBOUR, ISLAND));
        assertOpen(ISLAND, id);

        vm.prank(governance);
        settlementOf(ISLAND).registerRemote(HARBOUR, twin(HARBOUR));
        retry(HARBOUR, ISLAND, 1);
        assertSettled(ISLAND, id);
    }

    /* REFUSALS */

    function test_whatIsSoldAlready_isRefunded() public {
        ISettlement.Purchase memory order = anOrder(aHeron(3, ISLAND, address(silver)), HARBOUR);
        buy(order);
        assertEq(refusalOf(order), IMarketplace.UnitsUnavailable.selector);
        assertEq(herons.ownerOf(3), bob);
    }

    function test_anExpiredListing_isRefunded() public {
        Listing memory listing = aHeron(3, ISLAND, address(silver));
        listing.endTime = uint64(vm.getBlockTimestamp());
        listing.startTime = listing.endTime - 1;
        assertEq(refusalOf(anOrder(listing, HARBOUR)), IMarketplace.ListingNotActive.selector);
    }

    function test_whatTheSellerDoesNotHave_isRefunded() public {
        Listing memory listing = someShells(3, 101, ISLAND, address(silver));
        ISettlement.Purchase memory order = anOrder(listing, HARBOUR);
        order.units = 101;
        assertEq(refusalOf(order), IERC1155Errors.ERC1155InsufficientBalance.selector);
    }

    function test_aDeliveryChainThatNobodyKnows_isRefunded() public {
        ISettlement.Purchase memory order = anOrder(aHeron(3, ISLAND, address(silver)), HARBOUR);
        order.deliveryChain = ChainId.wrap(5);
        assertEq(refusalOf(order), IGateway.LaneUnknown.selector);
    }

    function test_aListingForAnotherPaymentChain_isRefused() public {
        Listing memory listing = aHeron(3, LAGOON, address(silver));
        IMarketplace.Fill memory fill;
        (fill.listing, fill.signature) = (listing, signed(HARBOUR, listing));
        (fill.units, fill.buyer, fill.paid, fill.recipient) = (1, bob, PRICE, bob);
        fill.deliveryChain = HARBOUR;
        on(HARBOUR);
        vm.expectEmit(true, true, true, false, address(settlementOf(HARBOUR)));
        emit ISettlement.PurchaseRefused(
            id,
            marketplaceOf(HARBOUR).listingHash(listing),
            ISLAND,
            ISettlement.PaymentChainDiffers.selector,
            0
        );
        tell(ISLAND, twin(ISLAND), HARBOUR, abi.encodePacked(uint8(1), abi.encode(id, fill)));
        assertEq(herons.ownerOf(3), alice);
    }

    function test_whoDeliversWithLittleGas_hasNothingRefused() public {
        catchMessages();
        bytes memory payload = sent[ISLAND][HARBOUR][0].payload;
        on(HARBOUR);
        Settlement settlement = settlementOf(HARBOUR);
        bytes memory data =
            abi.encodeCall(settlement.receiveMessage, (0, format(ISLAND, twin(ISLAND)), payload));
        vm.prank(address(places[HARBOUR].gateway));
        (bool succeeded, bytes memory answer) = address(settlement).call{gas: 1_400_000}(data);
        assertFalse(succeeded);
        assertEq(bytes4(answer), ISettlement.GasInsufficient.selector);
    }

    /// @dev A settlement that makes up the name of another chain's purchase does not take the place of its box.
    function test_anotherChainsPurchaseOfTheSameName_takesNoPlace() public {
        relay();
        ISettlement.Purchase memory order = anOrder(aHeron(4, ISLAND, address(silver)), LAGOON);
        bytes32 next = keccak256(abi.encode(31338, twin(ISLAND), 2));
        IMarketplace.Fill memory fill;
        fill.listing = aHeron(3, LAGOON, address(silver));
        fill.signature = signed(HARBOUR, fill.listing);
        (fill.units, fill.buyer, fill.paid, fill.recipient) = (1, carol, PRICE, carol);
        (fill.deliveryChain, fill.returnTo) = (LAGOON, carol);
        tell(LAGOON, twin(LAGOON), HARBOUR, abi.encodePacked(uint8(1), abi.encode(next, fill)));
        assertEq(herons.ownerOf(3), address(assetsOf(HARBOUR)));

        assertEq(buy(order), next);
        relay();
        assertSettled(ISLAND, next);
    }
}

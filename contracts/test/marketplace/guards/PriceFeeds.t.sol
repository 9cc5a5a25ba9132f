// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {stdError} from "forge-std/StdError.sol";
import {Test} from "forge-std/Test.sol";

import {IAggregatorV3, IPriceFeeds} from "../../../src/interfaces/IPriceFeeds.sol";
import {PriceFeeds} from "../../../src/marketplace/guards/PriceFeeds.sol";

/// @notice Answers what it is told to.
contract SampleAggregator is IAggregatorV3 {
    uint8 public decimals;
    int256 private answer;
    uint256 private updatedAt;

    function set(uint8 decimals_, int256 answer_, uint256 updatedAt_) external {
        (decimals, answer, updatedAt) = (decimals_, answer_, updatedAt_);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (1, answer, updatedAt, updatedAt, 1);
    }
}

contract PriceFeedsTest is Test {
    uint256 private constant NOW = 1_700_000_000;
    uint256 private constant CENT = 1e6;

    address private immutable governance = makeAddr("governance");
    address private immutable dollars = makeAddr("dollars");

    PriceFeeds private feeds;
    SampleAggregator private aggregator;

    function setUp() public {
        vm.warp(NOW);
        AccessManager authority = AccessManager(deployCode("AccessManager.sol", abi.encode(governance)));
        feeds = new PriceFeeds(address(authority));
        aggregator = new SampleAggregator();
        aggregator.set(8, 2500e8, NOW);
        set(address(0), aFeed());
    }

    /// @dev Of a coin that is worth between 100 and 100,000 dollars.
    function aFeed() private view returns (IPriceFeeds.Feed memory) {
        return IPriceFeeds.Feed(aggregator, 18, 8, 1 hours, 100e8, 100_000e8);
    }

    function set(address token, IPriceFeeds.Feed memory feed) private {
        vm.prank(governance);
        feeds.setFeed(token, feed);
    }

    /* CONVERTING */

    function test_dollarsBecomeCoins() public view {
        assertEq(feeds.convert(address(0), 5000e8), 2 ether);
        assertEq(feeds.convert(address(0), 0), 0);
    }

    function test_whatDoesNotDivideIsRoundedUp() public {
        aggregator.set(8, 3000e8, NOW);

        assertEq(feeds.convert(address(0), 1000e8), 333_333_333_333_333_334);
        assertEq(feeds.convert(address(0), 1), 3_333_334);
    }

    function test_aTokenOfSixDecimalsAtTheDollarKeepsTheCents() public {
        aggregator.set(8, 1e8, NOW);
        set(dollars, IPriceFeeds.Feed(aggregator, 6, 8, 1 hours, 0.9e8, 1.1e8));

        assertEq(feeds.convert(dollars, 12 * CENT), 120_000);
        assertEq(feeds.convert(dollars, 1), 1);
    }

    function testFuzz_convertIsThePlainFormula(uint64 price, uint8 ofToken, uint8 ofFeed, uint128 answer)
        public
    {
        (ofToken, ofFeed) = (uint8(bound(ofToken, 0, 18)), uint8(bound(ofFeed, 0, 18)));
        answer = uint128(bound(answer, 1, type(uint128).max));
        aggregator.set(ofFeed, int256(uint256(answer)), NOW);
        set(dollars, IPriceFeeds.Feed(aggregator, ofToken, ofFeed, 1, 1, type(uint128).max));

        uint256 amount = feeds.convert(dollars, price);

        uint256 numerator = uint256(price) * 10 ** ofToken * 10 ** ofFeed;
        uint256 denominator = uint256(answer) * 1e8;
        assertEq(amount, (numerator + denominator - 1) / denominator);
    }

    /// @dev With numerators beyond a word: what is paid is worth the reference, and one unit less is not.
    function testFuzz_convertIsTheLeastThatIsWorthTheReference(uint128 price, uint128 answer) public {
        answer = uint128(bound(answer, 1e20, type(uint128).max));
        aggregator.set(36, int256(uint256(answer)), NOW);
        set(dollars, IPriceFeeds.Feed(aggregator, 36, 36, 1, 1, type(uint128).max));
        price = uint128(bound(price, 1, 1e31));

        uint256 amount = feeds.convert(dollars, price);

        (uint256 highPrice, uint256 lowPrice) = wide(price, 1e72);
        (uint256 highPaid, uint256 lowPaid) = wide(amount, uint256(answer) * 1e8);
        (uint256 highLess, uint256 lowLess) = wide(amount - 1, uint256(answer) * 1e8);
        assertTrue(highPaid > highPrice || (highPaid == highPrice && lowPaid >= lowPrice));
        assertTrue(highLess < highPrice || (highLess == highPrice && lowLess < lowPrice));
    }

    /// @dev A product of two words, in two words, as on paper.
    function wide(uint256 a, uint256 b) private pure returns (uint256 high, uint256 low) {
        (uint256 aHigh, uint256 aLow) = (a >> 128, uint128(a));
        (uint256 bHigh, uint256 bLow) = (b >> 128, uint128(b));
        uint256 carry = (aLow * bLow) >> 128;
        uint256 middle = uint256(uint128(aHigh * bLow)) + uint128(aLow * bHigh) + carry;
        high = aHigh * bHigh + ((aHigh * bLow) >> 128) + ((aLow * bHigh) >> 128) + (middle >> 128);
        low = (middle << 128) | uint128(aLow * bLow);
    }

    function test_anAmountBeyondAWordReverts() public {
        aggregator.set(36, 1, NOW);
        set(dollars, IPriceFeeds.Feed(aggregator, 36, 36, 1, 1, 1));

        vm.expectRevert(stdError.arithmeticError);
        feeds.convert(dollars, type(uint128).max);
    }

    /* DISBELIEVING */

    function test_convert_rejectsATokenWithoutAFeed() public {
        vm.expectRevert(abi.encodeWithSelector(IPriceFeeds.FeedUnknown.selector, dollars));
        feeds.convert(dollars, 1);
    }

    function test_anAnswerIsGoodForItsHeartbeatAndNoLonger() public {
        skip(1 hours);
        assertEq(feeds.convert(address(0), 2500e8), 1 ether);
        skip(1);

        vm.expectRevert(
            abi.encodeWithSelector(IPriceFeeds.FeedStale.selector, address(0), NOW, NOW + 1 hours + 1)
        );
        feeds.convert(address(0), 2500e8);
    }

    function test_convert_rejectsAnAnswerFromTheFuture() public {
        aggregator.set(8, 2500e8, NOW + 1);

        vm.expectRevert(abi.encodeWithSelector(IPriceFeeds.FeedStale.selector, address(0), NOW + 1, NOW));
        feeds.convert(address(0), 1);
    }

    function test_convert_rejectsARoundThatIsNotCompleteHoweverLongTheHeartbeat() public {
        IPriceFeeds.Feed memory feed = aFeed();
        feed.heartbeat = type(uint32).max;
        set(address(0), feed);
        aggregator.set(8, 2500e8, 0);

        vm.expectRevert(abi.encodeWithSelector(IPriceFeeds.FeedStale.selector, address(0), 0, NOW));
        feeds.convert(address(0), 1);
    }

    function test_theBoundsThemselvesAreBelieved() public {
        aggregator.set(8, 100e8, NOW);
        assertEq(feeds.convert(address(0), 100e8), 1 ether);

        aggregator.set(8, 100_000e8, NOW);
        assertEq(feeds.convert(address(0), 100_000e8), 1 ether);
    }

    function test_convert_rejectsAnswersOutOfBounds() public {
        int256[5] memory answers = [int256(100e8 - 1), 100_000e8 + 1, 0, -1, type(int256).min];
        for (uint256 i = 0; i < answers.length; ++i) {
            aggregator.set(8, answers[i], NOW);

            vm.expectRevert(
                abi.encodeWithSelector(IPriceFeeds.FeedOutOfBounds.selector, address(0), answers[i])
            );
            feeds.convert(address(0), 1);
        }
    }

    function test_convert_rejectsAnAggregatorThatHasChangedItsDecimals() public {
        aggregator.set(18, 2500e8, NOW);

        vm.expectRevert(abi.encodeWithSelector(IPriceFeeds.FeedDecimalsDiffer.selector, address(0), 18, 8));
        feeds.convert(address(0), 1);
    }

    /* GOVERNANCE */

    function test_aFeedCanBeReadAndTakenAway() public {
        assertEq(abi.encode(feeds.feedOf(address(0))), abi.encode(aFeed()));
        IPriceFeeds.Feed memory none;
        vm.expectEmit(address(feeds));
        emit IPriceFeeds.FeedSet(address(0), none);

        set(address(0), IPriceFeeds.Feed(IAggregatorV3(address(0)), 18, 8, 1, 1, 1));

        assertEq(abi.encode(feeds.feedOf(address(0))), abi.encode(none));
        vm.expectRevert(abi.encodeWithSelector(IPriceFeeds.FeedUnknown.selector, address(0)));
        feeds.convert(address(0), 1);
    }

    function test_setFeed_rejectsWhatMakesNoSense() public {
        IPriceFeeds.Feed[6] memory senseless = [aFeed(), aFeed(), aFeed(), aFeed(), aFeed(), aFeed()];
        senseless[0].minimum = 0;
        senseless[1].minimum = senseless[1].maximum + 1;
        senseless[2].heartbeat = 0;
        senseless[3].tokenDecimals = 37;
        senseless[4].feedDecimals = 37;
        senseless[5].aggregator = IAggregatorV3(makeAddr("nobody"));
        for (uint256 i = 0; i < senseless.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IPriceFeeds.FeedInvalid.selector, dollars));
            set(dollars, senseless[i]);
        }
    }

    function test_setFeed_rejectsOtherDecimalsThanTheAggregatorHas() public {
        IPriceFeeds.Feed memory feed = aFeed();
        feed.feedDecimals = 18;

        vm.expectRevert(abi.encodeWithSelector(IPriceFeeds.FeedDecimalsDiffer.selector, dollars, 8, 18));
        set(dollars, feed);
    }

    function test_nobodyElseSetsFeeds() public {
        vm.expectRevert(
            abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(this))
        );
        feeds.setFeed(dollars, aFeed());
    }
}

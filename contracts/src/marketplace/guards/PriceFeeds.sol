// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IPriceFeeds} from "../../interfaces/IPriceFeeds.sol";

/// @title Price feeds
/// @notice Believes an aggregator as far as governance has said.
contract PriceFeeds is IPriceFeeds, AccessManaged {
    /* STORAGE */

    /// @dev Of a reference price.
    uint256 private constant _REFERENCE_DECIMALS = 8;

    /// @dev Of a token or aggregator, at most. Ten to the power of two of these still fits into a word.
    uint256 private constant _MAXIMUM_DECIMALS = 36;

    mapping(address token => Feed) private _feeds;

    /* CONSTRUCTION */

    /// @param authority The AccessManager of this chain.
    constructor(address authority) AccessManaged(authority) {}

    /* GOVERNANCE */

    /// @inheritdoc IPriceFeeds
    function setFeed(address token, Feed calldata feed) external restricted {
        if (address(feed.aggregator) == address(0)) {
            delete _feeds[token];
        } else {
            bool bounded = feed.minimum > 0 && feed.minimum <= feed.maximum && feed.heartbeat > 0;
            bool scaled = feed.tokenDecimals <= _MAXIMUM_DECIMALS && feed.feedDecimals <= _MAXIMUM_DECIMALS;
            require(bounded && scaled && address(feed.aggregator).code.length > 0, FeedInvalid(token));
            _requireDecimals(token, feed);
            _feeds[token] = feed;
        }
        emit FeedSet(token, _feeds[token]);
    }

    /* VIEWS */

    /// @inheritdoc IPriceFeeds
    function convert(address token, uint256 referencePrice) external view returns (uint256 amount) {
        Feed memory feed = _feeds[token];
        require(address(feed.aggregator) != address(0), FeedUnknown(token));
        _requireDecimals(token, feed);
        uint256 decimals = uint256(feed.tokenDecimals) + feed.feedDecimals;
        uint256 divisor = _answer(token, feed) * 10 ** _REFERENCE_DECIMALS;
        return Math.mulDiv(referencePrice, 10 ** decimals, divisor, Math.Rounding.Ceil);
    }

    /// @inheritdoc IPriceFeeds
    function feedOf(address token) external view returns (Feed memory) {
        return _feeds[token];
    }

    /// @dev Dollars for one whole token, if that is to be believed.
    function _answer(address token, Feed memory feed) private view returns (uint256) {
        (, int256 answer,, uint256 updatedAt,) = feed.aggregator.latestRoundData();
        bool past = updatedAt != 0 && updatedAt <= block.timestamp;
        require(
            past && block.timestamp - updatedAt <= feed.heartbeat,
            FeedStale(token, updatedAt, block.timestamp)
        );
        bool within = answer > 0 && uint256(answer) >= feed.minimum && uint256(answer) <= feed.maximum;
        require(within, FeedOutOfBounds(token, answer));
        return uint256(answer);
    }

    function _requireDecimals(address token, Feed memory feed) private view {
        uint8 found = feed.aggregator.decimals();
        require(found == feed.feedDecimals, FeedDecimalsDiffer(token, found, feed.feedDecimals));
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice What a price feed answers; the part of Chainlink's AggregatorV3Interface that is used.
interface IAggregatorV3 {
    /// @notice Decimals of the answer.
    function decimals() external view returns (uint8);

    /// @notice The newest price.
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}

/// @title Price feeds
/// @notice What payment tokens of this chain are worth in US dollars, for listings with a reference price.
interface IPriceFeeds {
    /// @notice The feed of a token, and when to disbelieve it.
    struct Feed {
        /// @dev Dollars for one whole token.
        IAggregatorV3 aggregator;
        /// @dev Of the token; of the coin 18.
        uint8 tokenDecimals;
        /// @dev Of the aggregator when it was set; another answer is disbelieved.
        uint8 feedDecimals;
        /// @dev Seconds after which an answer is too old.
        uint32 heartbeat;
        /// @dev Least and greatest answer that is believed.
        uint128 minimum;
        uint128 maximum;
    }

    /// @notice The feed of a token was set; a zero aggregator: it has none any more. The zero token is the coin.
    event FeedSet(address indexed token, Feed feed);

    /// @notice No price of this token is known.
    error FeedUnknown(address token);

    /// @notice The newest answer is too old, or from the future.
    error FeedStale(address token, uint256 updatedAt, uint256 now_);

    /// @notice The answer is outside of what is believed.
    error FeedOutOfBounds(address token, int256 answer);

    /// @notice The aggregator's decimals are not what they were.
    error FeedDecimalsDiffer(address token, uint8 found, uint8 expected);

    /// @notice The feed's bounds, heartbeat or decimals make no sense.
    error FeedInvalid(address token);

    /// @notice How much of a token is worth so many dollars.
    /// @param referencePrice US dollars with 8 decimals.
    /// @return amount In the token's smallest unit, rounded up.
    function convert(address token, uint256 referencePrice) external view returns (uint256 amount);

    /// @notice Sets the feed of a token. Behind governance.
    function setFeed(address token, Feed calldata feed) external;

    /// @notice The feed of a token.
    function feedOf(address token) external view returns (Feed memory);
}

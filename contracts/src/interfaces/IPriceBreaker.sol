// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ChainId} from "../types/Message.sol";

/// @title Price circuit breaker
/// @notice Refuses sales far from what a collection's items have sold for: off a band around the median of its last sales,
///         for each currency. Whoever means such a price asks again after a cool-down, when the band is wider for a while.
/// @dev Refusing halts nobody else's sale, so that an absurd listing cannot stop a market.
interface IPriceBreaker {
    /// @notice How the breaker treats a collection; all zero: the default.
    struct Band {
        /// @dev Half the band's width, of 10,000 of the reference; 0 in a collection's own: the breaker is off for it.
        uint16 basisPoints;
        /// @dev Fewer sales than this give no reference; 1…{SAMPLES}.
        uint8 minimumSales;
        /// @dev Seconds from the first refusal until the band is wider.
        uint32 coolDown;
        /// @dev Seconds for which it is wider, twice the basis points, after that.
        uint32 window;
        /// @dev Whether this stands for the collection.
        bool set;
    }

    /// @notice A sale was refused for its price.
    event PriceRefused(
        address indexed collection,
        ChainId paymentChain,
        address paymentToken,
        uint256 unitPrice,
        uint256 median,
        uint64 widerFrom
    );

    /// @notice The band of a collection was set; of the zero address: the default.
    event BandSet(address indexed collection, Band band);

    /// @notice Governance has said what the reference is, in place of the sales so far.
    event ReferenceOverridden(
        address indexed collection, ChainId paymentChain, address paymentToken, uint256 median
    );

    /// @notice A guardian has stopped sales of a collection, or governance has let them go on.
    event HaltChanged(address indexed collection, bool halted);

    /// @notice Only the marketplace may ask and tell.
    error NotMarketplace(address caller);

    /// @notice The number of sales is out of range, or the default would be off or unset.
    error BandInvalid();

    /// @notice Whether a sale at this price is admitted; remembers it if not. For the marketplace only.
    function admit(address collection, ChainId paymentChain, address paymentToken, uint256 unitPrice)
        external
        returns (bool admitted);

    /// @notice Takes note of a sale, if anything was paid. For the marketplace only.
    function record(address collection, ChainId paymentChain, address paymentToken, uint256 unitPrice)
        external;

    /// @notice Sets the band of a collection, or with the zero address the default. One that is not `set` gives a
    ///         collection the default again. Behind governance.
    function setBand(address collection, Band calldata band) external;

    /// @notice Says what the reference is, in place of the sales so far; zero: begin anew. Behind governance.
    function overrideReference(address collection, ChainId paymentChain, address paymentToken, uint256 median)
        external;

    /// @notice Stops every sale of a collection. For guardians: it takes effect at once.
    function halt(address collection) external;

    /// @notice Lets sales of a collection go on. Behind governance.
    function resume(address collection) external;

    /// @notice The prices between which a sale is admitted now, and the reference; (0, 2²⁵⁶ − 1, 0) where there is none,
    ///         (2²⁵⁶ − 1, 0, 0) where sales are stopped.
    function limits(address collection, ChainId paymentChain, address paymentToken)
        external
        view
        returns (uint256 lowest, uint256 highest, uint256 median);

    /// @notice Whether sales of a collection are stopped.
    function halted(address collection) external view returns (bool);
}

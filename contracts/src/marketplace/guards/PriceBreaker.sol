// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IPriceBreaker} from "../../interfaces/IPriceBreaker.sol";
import {ChainId} from "../../types/Message.sol";
import {Prices} from "./Prices.sol";

/// @title Price circuit breaker
/// @notice The median of a collection's last sales in each currency, and a band around it.
contract PriceBreaker is IPriceBreaker, AccessManaged {
    /* TYPES */

    /// @notice A collection's sales in one currency.
    struct Series {
        /// @dev A ring of the last ones.
        uint128[9] prices;
        /// @dev How many there have been.
        uint64 sales;
        /// @dev From when the band is wider, since a price was refused; zero: none was.
        uint64 widerFrom;
    }

    /* STORAGE */

    /// @notice How many sales are remembered. Five of them must conspire to move the median at will.
    uint8 public constant SAMPLES = 9;

    address private immutable _MARKETPLACE;

    /// @dev That of the zero address is the default.
    mapping(address collection => Band) private _bands;
    mapping(address collection => bool) private _halted;
    mapping(address collection => mapping(ChainId => mapping(address token => Series))) private _series;

    /* CONSTRUCTION */

    /// @param authority The AccessManager of this chain.
    /// @param marketplace Who asks and tells.
    constructor(address authority, address marketplace) AccessManaged(authority) {
        _MARKETPLACE = marketplace;
        Band memory band = Band(5_000, 3, 1 hours, 1 hours, true);
        _bands[address(0)] = band;
        emit BandSet(address(0), band);
    }

    modifier onlyMarketplace() {
        require(msg.sender == _MARKETPLACE, NotMarketplace(msg.sender));
        _;
    }

    /* SELLING */

    /// @inheritdoc IPriceBreaker
    /// @dev A refusal during the cool-down or the window does not begin another, or the wider band would never come.
    function admit(address collection, ChainId paymentChain, address paymentToken, uint256 unitPrice)
        external
        onlyMarketplace
        returns (bool admitted)
    {
        (uint256 lowest, uint256 highest, uint256 median) = limits(collection, paymentChain, paymentToken);
        if (lowest <= unitPrice && unitPrice <= highest) return true;
        if (_halted[collection]) return false;

        Band memory band = _bandOf(collection);
        Series storage series = _series[collection][paymentChain][paymentToken];
        if (series.widerFrom == 0 || block.timestamp >= uint256(series.widerFrom) + band.window) {
            series.widerFrom = uint64(block.timestamp + band.coolDown);
        }
        emit PriceRefused(collection, paymentChain, paymentToken, unitPrice, median, series.widerFrom);
    }

    /// @inheritdoc IPriceBreaker
    /// @dev A gift says nothing about what items are worth, and a median of nothing would refuse every price.
    function record(address collection, ChainId paymentChain, address paymentToken, uint256 unitPrice)
        external
        onlyMarketplace
    {
        if (unitPrice == 0) return;
        Series storage series = _series[collection][paymentChain][paymentToken];
        series.prices[series.sales % SAMPLES] = _sample(unitPrice);
        ++series.sales;
    }

    /* GOVERNANCE */

    /// @inheritdoc IPriceBreaker
    function setBand(address collection, Band calldata band) external restricted {
        bool sound = band.basisPoints > 0 && band.minimumSales > 0 && band.minimumSales <= SAMPLES;
        bool ownless = collection != address(0) && (!band.set || band.basisPoints == 0);
        require(ownless || (band.set && sound), BandInvalid());
        _bands[collection] = band;
        emit BandSet(collection, band);
    }

    /// @inheritdoc IPriceBreaker
    /// @dev As if all remembered sales had been at that price: as many true ones as ever must come before it is forgotten.
    function overrideReference(address collection, ChainId paymentChain, address paymentToken, uint256 median)
        external
        restricted
    {
        Series storage series = _series[collection][paymentChain][paymentToken];
        uint128 sample = _sample(median);
        for (uint256 i = 0; i < SAMPLES; ++i) {
            series.prices[i] = sample;
        }
        (series.sales, series.widerFrom) = (sample == 0 ? 0 : SAMPLES, 0);
        emit ReferenceOverridden(collection, paymentChain, paymentToken, sample);
    }

    /// @inheritdoc IPriceBreaker
    function halt(address collection) external restricted {
        _halted[collection] = true;
        emit HaltChanged(collection, true);
    }

    /// @inheritdoc IPriceBreaker
    function resume(address collection) external restricted {
        _halted[collection] = false;
        emit HaltChanged(collection, false);
    }

    /* VIEWS */

    /// @inheritdoc IPriceBreaker
    function limits(address collection, ChainId paymentChain, address paymentToken)
        public
        view
        returns (uint256 lowest, uint256 highest, uint256 median)
    {
        Series storage series = _series[collection][paymentChain][paymentToken];
        Band memory band = _bandOf(collection);
        if (_halted[collection]) return (type(uint256).max, 0, 0);
        if (band.basisPoints == 0 || series.sales < band.minimumSales) return (0, type(uint256).max, 0);

        median = Prices.median(_last(series));
        uint256 opens = series.widerFrom;
        bool wider = opens != 0 && block.timestamp >= opens && block.timestamp < opens + band.window;
        (lowest, highest) = Prices.band(median, wider ? 2 * uint256(band.basisPoints) : band.basisPoints);
    }

    /// @inheritdoc IPriceBreaker
    function halted(address collection) external view returns (bool) {
        return _halted[collection];
    }

    /// @dev The last sales, at least one.
    function _last(Series storage series) private view returns (uint128[] memory prices) {
        uint256 n = Math.min(series.sales, SAMPLES);
        prices = new uint128[](n);
        for (uint256 i = 0; i < n; ++i) {
            prices[i] = series.prices[i];
        }
    }

    function _bandOf(address collection) private view returns (Band memory band) {
        band = _bands[collection];
        if (!band.set) band = _bands[address(0)];
    }

    /// @dev No payment is greater than what a sample can hold.
    function _sample(uint256 price) private pure returns (uint128) {
        return uint128(Math.min(price, type(uint128).max));
    }
}

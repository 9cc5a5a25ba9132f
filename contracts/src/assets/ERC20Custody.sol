// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC7802} from "@openzeppelin/contracts/interfaces/draft-IERC7802.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {IWrappedERC20} from "../interfaces/IWrappedToken.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {AssetReading} from "./AssetReading.sol";
import {Descriptions} from "./Descriptions.sol";
import {Wrapping} from "./Wrapping.sol";

/// @title ERC-20 custody
/// @notice Holds what was sent of this chain's ERC-20s, and mints and burns the wrapped ones.
abstract contract ERC20Custody is Wrapping {
    using SafeERC20 for IERC20;

    /* TYPES */

    /// @dev What one other chain has of one token.
    struct Outstanding {
        uint248 amount;
        /// @dev Whether the token was described to it.
        bool described;
    }

    /* STORAGE */

    /// @custom:storage-location erc7201:lockkeeper.storage.ERC20Custody
    struct ERC20CustodyStorage {
        mapping(address token => mapping(ChainId => Outstanding)) outstanding;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("lockkeeper.storage.ERC20Custody")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant _ERC20_STORAGE =
        0x38b5143cff1eccc8d414dd9fa86ad73575133921e8e622c35890bcbdc1312c00;

    /// @dev For describing and sending on; anything else does with the gateway's default.
    uint256 private constant FORWARD_GAS = 600_000;

    /* SENDING */

    /// @inheritdoc IAssetGateway
    function sendERC20(address token, ChainId destinationChain, address recipient, uint256 amount)
        external
        nonReentrant
    {
        require(amount > 0, AmountZero());
        (ChainId homeChain, address homeToken) = _homeOf(AssetMessages.ERC20, token);
        if (homeToken == address(0)) {
            _destination(destinationChain, recipient);
            _sendOutERC20(token, destinationChain, recipient, _collect(token, amount));
            return;
        }
        _homewardDestination(homeChain, destinationChain, recipient);
        IERC7802(token).crosschainBurn(msg.sender, amount);
        bytes memory head =
            AssetMessages.homeward(AssetMessages.ERC20, homeToken, recipient, homeChain, destinationChain);
        _send(
            homeChain,
            bytes.concat(head, AssetMessages.erc20Amount(amount)),
            homeChain == destinationChain ? 0 : FORWARD_GAS
        );
    }

    /// @dev Takes a home token into custody, and counts what really came.
    function _collect(address token, uint256 amount) private returns (uint256 received) {
        require(token.code.length > 0, TokenWithoutCode(token));
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        received = IERC20(token).balanceOf(address(this)) - before;
        require(received > 0, AmountZero());
    }

    /// @dev Notes that another chain has more of a home token from now on, and tells it.
    function _sendOutERC20(address token, ChainId chain, address recipient, uint256 amount) private {
        Outstanding storage outstanding = _erc20().outstanding[token][chain];
        Outstanding memory known = outstanding;
        if (!known.described) _sendDescription(chain, Descriptions.ofERC20(token));
        (outstanding.amount, outstanding.described) = (SafeCast.toUint248(known.amount + amount), true);
        _send(chain, AssetMessages.erc20(token, recipient, amount), 0);
    }

    /* RECEIVING */

    /// @dev A token of the source chain arrives.
    function _mintERC20(ChainId source, address homeToken, address recipient, bytes calldata payload)
        internal
    {
        uint256 amount = AssetReading.readAmount(payload, AssetMessages.ASSETS);
        IWrappedERC20(_wrapped(AssetMessages.ERC20, source, homeToken)).mint(recipient, amount);
    }

    /// @dev A token of this chain comes home.
    function _releaseERC20(ChainId source, address token, address recipient, bytes calldata payload)
        internal
    {
        uint256 amount = AssetReading.readAmount(payload, AssetMessages.ASSETS);
        _takeBackERC20(token, source, amount);
        IERC20(token).safeTransfer(recipient, amount);
    }

    /// @dev A token of this chain passes through to another.
    function _forwardERC20(ChainId source, address token, address recipient, bytes calldata payload)
        internal
    {
        ChainId chain = AssetReading.readFinalChain(payload);
        uint256 amount = AssetReading.readAmount(payload, AssetMessages.FORWARDED_ASSETS);
        _destination(chain, recipient);
        _takeBackERC20(token, source, amount);
        _sendOutERC20(token, chain, recipient, amount);
    }

    /// @dev No chain gives back more than it got.
    function _takeBackERC20(address token, ChainId chain, uint256 amount) private {
        Outstanding storage outstanding = _erc20().outstanding[token][chain];
        uint248 held = outstanding.amount;
        require(amount <= held, OutstandingExceeded(token, chain, amount, held));
        outstanding.amount = held - uint248(amount);
    }

    /* VIEWS */

    /// @inheritdoc IAssetGateway
    function outstandingERC20(address token, ChainId chain) external view returns (uint256) {
        return _erc20().outstanding[token][chain].amount;
    }

    function _erc20() private pure returns (ERC20CustodyStorage storage $) {
        assembly ("memory-safe") {
            $.slot := _ERC20_STORAGE
        }
    }
}

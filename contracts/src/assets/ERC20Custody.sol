// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC7802} from "@openzeppelin/contracts/interfaces/draft-IERC7802.sol";
import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IAssetGateway} from "../interfaces/IAssetGateway.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {HomeTokens} from "./HomeTokens.sol";
import {Wrapping} from "./Wrapping.sol";

/// @title ERC-20 custody
/// @notice Holds what was sent of this chain's ERC-20s, and mints and burns the wrapped ones.
abstract contract ERC20Custody is Wrapping {
    using SafeERC20 for IERC20;

    /* TYPES */

    /// @dev What one other chain has of one token.
    struct Outstanding {
        uint248 amount;
        /// @dev Whether a message on the lane has described the token.
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

    /// @dev For describing and sending on; anything else does with the default.
    uint256 private constant FORWARD_GAS = 600_000;

    /* SENDING */

    /// @inheritdoc IAssetGateway
    function sendERC20(address token, ChainId destinationChain, address recipient, uint256 amount)
        external
        nonReentrant
    {
        _requireRecipient(destinationChain, recipient);
        require(amount > 0, AmountZero());

        (ChainId homeChain, address homeToken) = _homeOf(AssetMessages.ERC20, token);
        if (homeToken == address(0)) {
            _sendOut(token, destinationChain, recipient, _collect(token, amount));
            return;
        }
        require(ChainId.unwrap(destinationChain) != block.chainid, ChainUnknown(destinationChain));
        IERC7802(token).crosschainBurn(msg.sender, amount);
        bytes memory head = AssetMessages.homewardHead(
            AssetMessages.ERC20, homeToken, recipient, homeChain, destinationChain
        );
        uint256 gasLimit = homeChain == destinationChain ? 0 : FORWARD_GAS;
        _send(homeChain, bytes.concat(head, AssetMessages.number(amount)), gasLimit);
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
    function _sendOut(address token, ChainId chain, address recipient, uint256 amount) private {
        Outstanding storage outstanding = _erc20().outstanding[token][chain];
        if (!outstanding.described) _describe(token, chain);
        outstanding.amount = SafeCast.toUint248(outstanding.amount + amount);
        bytes memory head = AssetMessages.head(AssetMessages.ERC20, token, recipient);
        _send(chain, bytes.concat(head, AssetMessages.number(amount)), 0);
    }

    function _describe(address token, ChainId chain) private {
        _erc20().outstanding[token][chain].described = true;
        bool collection = HomeTokens.declares(token, type(IERC721).interfaceId)
            || HomeTokens.declares(token, type(IERC1155).interfaceId);
        require(!collection, TokenKindMismatch(token));
        _sendDescription(AssetMessages.ERC20, chain, token, HomeTokens.describeERC20(token));
    }

    /* RECEIVING */

    /// @dev A token of the source chain arrives.
    function _mintERC20(ChainId source, address homeToken, address recipient, bytes calldata body) internal {
        uint256 amount = AssetMessages.readAmount(body);
        IERC7802(_wrapped(AssetMessages.ERC20, source, homeToken)).crosschainMint(recipient, amount);
    }

    /// @dev A token of this chain comes home.
    function _releaseERC20(ChainId source, address token, address recipient, bytes calldata body) internal {
        uint256 amount = AssetMessages.readAmount(body);
        _takeBack(token, source, amount);
        IERC20(token).safeTransfer(recipient, amount);
    }

    /// @dev A token of this chain passes through to another.
    function _forwardERC20(ChainId source, address token, address recipient, bytes calldata body) internal {
        (ChainId chain, bytes calldata rest) = AssetMessages.readChain(body);
        uint256 amount = AssetMessages.readAmount(rest);
        _requireRecipient(chain, recipient);
        _takeBack(token, source, amount);
        _sendOut(token, chain, recipient, amount);
    }

    /// @dev No chain gives back more than it got.
    function _takeBack(address token, ChainId chain, uint256 amount) private {
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

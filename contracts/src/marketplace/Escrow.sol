// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {LibCall} from "solady/utils/LibCall.sol";

import {ISettlement} from "../interfaces/ISettlement.sol";
import {Share, ShareKind} from "../types/Listings.sol";
import {ChainId} from "../types/Message.sol";
import {Correspondence} from "./Correspondence.sol";
import {SettlementMessages} from "./SettlementMessages.sol";

/// @title Escrow
/// @notice The money of purchases that were paid here: taken exactly, then credited to everybody or given back, once.
abstract contract Escrow is Correspondence, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /* TYPES */

    /// @notice A purchase that was paid here.
    struct Order {
        Status status;
        ChainId chain;
        address buyer;
        address token;
        uint128 paid;
    }

    /* STORAGE */

    mapping(bytes32 purchaseId => Order) private _orders;
    mapping(ChainId homeChain => mapping(address account => mapping(address token => uint256))) private
        _credits;
    uint256 private _count;
    address private _treasury;

    /* CONSTRUCTION */

    constructor(address treasury_) {
        _treasury = treasury_;
        emit TreasurySet(treasury_);
    }

    /* TAKING */

    /// @dev Opens a purchase and takes its price from the caller, or from the value that is held.
    function _open(ChainId chain, address token, uint128 price) internal returns (bytes32 purchaseId) {
        purchaseId = keccak256(abi.encode(block.chainid, address(this), ++_count));
        _orders[purchaseId] = Order(Status.Open, chain, msg.sender, token, price);
        if (token == address(0)) {
            _addOwed(price);
            return purchaseId;
        }
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), price);
        uint256 balance = IERC20(token).balanceOf(address(this));
        uint256 received = balance > before ? balance - before : 0;
        require(received == price, PaymentNotReceived(token, received, price));
    }

    /* ENDING */

    /// @dev Ends a purchase that waits for this chain.
    function _close(bytes32 purchaseId, ChainId chain, Status status) private returns (Order memory order) {
        order = _orders[purchaseId];
        bool open = order.status == Status.Open && order.chain == chain;
        require(open, PurchaseNotOpen(purchaseId, chain));
        _orders[purchaseId].status = status;
    }

    /// @dev Credits everybody. The coins among it stay owed.
    function _settle(bytes32 purchaseId, ChainId chain, Share[] memory shares) internal {
        Order memory order = _close(purchaseId, chain, Status.Settled);
        uint256 total = 0;
        for (uint256 i = 0; i < shares.length; ++i) {
            Share memory share = shares[i];
            total += share.amount;
            if (ChainId.unwrap(share.chain) == 0 && share.account == address(0)) {
                (share.chain, share.account) = (_thisChain(), _treasury);
            }
            _credit(purchaseId, order.token, share);
        }
        require(total == order.paid, SharesDiffer(total, order.paid));
        emit PurchaseSettled(purchaseId);
    }

    function _credit(bytes32 purchaseId, address token, Share memory share) private {
        _credits[share.chain][share.account][token] += share.amount;
        emit Credited(purchaseId, share.account, token, share.chain, share.amount, share.kind);
    }

    /// @dev Gives the money back, or credits it to a buyer who does not take it.
    function _refund(bytes32 purchaseId, ChainId chain, bytes4 reason) internal {
        Order memory order = _close(purchaseId, chain, Status.Refunded);
        bool taken = _push(order.token, order.buyer, order.paid);
        if (!taken) {
            Share memory share = Share(_thisChain(), order.buyer, order.paid, ShareKind.PROCEEDS);
            _credit(purchaseId, order.token, share);
        }
        emit PurchaseRefunded(purchaseId, order.buyer, reason, !taken);
    }

    /// @dev Pays with bounded gas, and reads no more than a word of what it is answered. Whether it was taken.
    function _push(address token, address to, uint128 amount) private returns (bool taken) {
        if (token == address(0)) {
            _subtractOwed(amount);
            (taken,,) = LibCall.tryCall(to, amount, SettlementMessages.PUSH_GAS, 0, "");
            if (!taken) _addOwed(amount);
            return taken;
        }
        bytes memory answer;
        bytes memory transfer = abi.encodeCall(IERC20.transfer, (to, amount));
        (taken,, answer) = LibCall.tryCall(token, 0, SettlementMessages.PUSH_GAS, 32, transfer);
        bool silent = answer.length == 0 && token.code.length > 0;
        return taken && (silent || answer.length == 32 && uint256(bytes32(answer)) == 1);
    }

    /* PAYING */

    /// @inheritdoc ISettlement
    function withdraw(address token, address to) external nonReentrant {
        _withdraw(_thisChain(), msg.sender, token, to);
    }

    /// @inheritdoc ISettlement
    function withdrawAs(ChainId homeChain, address token, address to) external nonReentrant {
        // What signs a transaction holds the key, and is therefore the same on every chain; a contract's address may be
        // another's there. Nothing is authorised by this but the caller's own withdrawal.
        // solhint-disable-next-line avoid-tx-origin
        require(msg.sender == tx.origin, NotOwnSignature(msg.sender));
        _withdraw(homeChain, msg.sender, token, to);
    }

    function _withdraw(ChainId homeChain, address account, address token, address to) internal {
        uint256 amount = _credits[homeChain][account][token];
        require(amount > 0, NothingCredited(homeChain, account, token));
        require(to != address(0) && to != address(this), PaymentRefused(token, to));
        _credits[homeChain][account][token] = 0;
        emit Withdrawn(account, token, homeChain, to, amount);
        bool paid;
        if (token == address(0)) {
            _subtractOwed(amount);
            (paid,,) = LibCall.tryCall(to, amount, gasleft(), 0, "");
        } else {
            paid = IERC20(token).trySafeTransfer(to, amount);
        }
        require(paid, PaymentRefused(token, to));
    }

    /* GOVERNANCE */

    /// @inheritdoc ISettlement
    function setTreasury(address treasury_) external restricted {
        _treasury = treasury_;
        emit TreasurySet(treasury_);
    }

    /* VIEWS */

    /// @inheritdoc ISettlement
    function purchase(bytes32 purchaseId)
        external
        view
        returns (Status status, ChainId chain, address buyer, address token, uint128 paid)
    {
        Order memory order = _orders[purchaseId];
        return (order.status, order.chain, order.buyer, order.token, order.paid);
    }

    /// @inheritdoc ISettlement
    function credit(ChainId homeChain, address account, address token) external view returns (uint256) {
        return _credits[homeChain][account][token];
    }

    /// @inheritdoc ISettlement
    function treasury() external view returns (address) {
        return _treasury;
    }

    function _thisChain() internal view returns (ChainId) {
        return ChainId.wrap(uint64(block.chainid));
    }
}

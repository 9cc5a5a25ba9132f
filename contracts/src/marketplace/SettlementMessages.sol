// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IMarketplace} from "../interfaces/IMarketplace.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {Attributes} from "../types/Attributes.sol";
import {Share} from "../types/Listings.sol";
import {ChainId} from "../types/Message.sol";

/// @notice A message to the settlement of another chain.
struct Letter {
    ChainId chain;
    bytes payload;
    uint256 gasLimit;
    bytes[] attributes;
    /// @dev Whether it comes back if it cannot be executed.
    bool bounces;
}

/// @title Messages of settlements
/// @notice What settlements tell each other: the kind in one byte, then its arguments as the ABI encodes them.
library SettlementMessages {
    /// @dev Deliver this, or say no: the arguments of {IMarketplace-fulfill}.
    uint8 internal constant BUY = 1;

    /// @dev It was delivered; pay these shares.
    uint8 internal constant SETTLE = 2;

    /// @dev It was refused for this reason; give the money back.
    uint8 internal constant REFUND = 3;

    /// @dev Pay out what an account of my chain was credited.
    uint8 internal constant WITHDRAW = 4;

    /// @dev Gas for checking, selling and handing over, with what collection, policy and recipient may take of it.
    uint256 private constant FULFILMENT_GAS = 1_000_000;

    /// @dev Gas for sending an item on, with its collection's description.
    uint256 private constant FORWARDING_GAS = 1_500_000;

    /// @dev Gas for what follows a sale or a refusal: the answer, which is as long as there are payees.
    uint256 internal constant ANSWER_GAS = 400_000;

    /// @dev Gas for what goes before: reading the message.
    uint256 private constant READING_GAS = 100_000;

    /// @dev Gas limits of the answers: a share is a new entry and an event.
    uint256 private constant SETTLE_GAS = 80_000;
    uint256 private constant SHARE_GAS = 40_000;
    uint256 private constant WITHDRAW_GAS = 250_000;

    /// @dev What giving back may use of the buyer or the token, before it is credited instead.
    uint256 internal constant PUSH_GAS = 150_000;

    /// @dev Enough for that and for crediting.
    uint256 private constant REFUND_GAS = 300_000;

    /// @dev How long a withdrawal may be on its way: after that it is void, so that no old order pays what is earned later.
    uint256 private constant WITHDRAWAL_TIME = 1 days;

    /// @notice Gas that must be there to carry a purchase out or to refuse it in order.
    function gasToFulfil(bool forwards) internal pure returns (uint256) {
        return FULFILMENT_GAS + (forwards ? FORWARDING_GAS : 0) + ANSWER_GAS;
    }

    /// @notice Asks a chain for a purchase.
    function buy(ChainId chain, bytes memory order, bool forwards, uint256 deadline)
        internal
        pure
        returns (Letter memory letter)
    {
        letter = _letter(chain, BUY, order, gasToFulfil(forwards) + READING_GAS, 3);
        letter.attributes[1] = abi.encodePacked(Attributes.DEADLINE, deadline);
        letter.attributes[2] = abi.encodePacked(Attributes.BOUNCE);
        letter.bounces = true;
    }

    /// @notice Tells a chain that a purchase was carried out.
    function settle(ChainId chain, bytes32 purchaseId, Share[] memory shares)
        internal
        pure
        returns (Letter memory)
    {
        uint256 gasLimit = SETTLE_GAS + shares.length * SHARE_GAS;
        return _letter(chain, SETTLE, abi.encode(purchaseId, shares), gasLimit, 1);
    }

    /// @notice Tells a chain that a purchase was refused.
    function refund(ChainId chain, bytes32 purchaseId, bytes4 reason) internal pure returns (Letter memory) {
        return _letter(chain, REFUND, abi.encode(purchaseId, reason), REFUND_GAS, 1);
    }

    /// @notice Asks a chain to pay out.
    function withdraw(ChainId chain, address account, address token, address to)
        internal
        view
        returns (Letter memory letter)
    {
        letter = _letter(chain, WITHDRAW, abi.encode(account, token, to), WITHDRAW_GAS, 2);
        letter.attributes[1] = abi.encodePacked(Attributes.DEADLINE, block.timestamp + WITHDRAWAL_TIME);
    }

    function _letter(ChainId chain, uint8 kind, bytes memory arguments, uint256 gasLimit, uint256 attributes)
        private
        pure
        returns (Letter memory letter)
    {
        (letter.chain, letter.gasLimit) = (chain, gasLimit);
        letter.payload = abi.encodePacked(kind, arguments);
        letter.attributes = new bytes[](attributes);
        letter.attributes[0] = abi.encodePacked(Attributes.GAS_LIMIT, gasLimit);
    }

    /// @notice The purchase that a message asks for.
    function readOrder(bytes calldata arguments)
        internal
        pure
        returns (bytes32 purchaseId, IMarketplace.Fill memory fill)
    {
        return abi.decode(arguments, (bytes32, IMarketplace.Fill));
    }

    /// @notice Which purchase a message that has come back asked for. Nothing else asks for a way back.
    function readReturned(bytes calldata payload) internal pure returns (bytes32 purchaseId) {
        bool valid = payload.length > 32 && uint8(payload[0]) == BUY;
        require(valid, ISettlement.PayloadMalformed());
        return bytes32(payload[1:33]);
    }
}

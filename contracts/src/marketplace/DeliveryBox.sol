// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {LibClone} from "solady/utils/LibClone.sol";

import {IDeliveryBox} from "../interfaces/IDeliveryBox.sol";

/// @title Delivery box
/// @notice Sends one purchase's items to another chain, and keeps for its owner what comes back.
/// @dev A clone for each purchase, whose owner is written into its code. The marketplace calls it in the transaction that
///      creates it, and never again.
contract DeliveryBox is IDeliveryBox, ERC721Holder, ERC1155Holder {
    /* STORAGE */

    address private immutable _MARKETPLACE;

    /* CONSTRUCTION */

    constructor() {
        _MARKETPLACE = msg.sender;
    }

    /* SENDING */

    /// @notice Takes what the asset gateway gives back of the fees.
    receive() external payable {}

    /// @inheritdoc IDeliveryBox
    /// @dev What came goes with the call, and all coins that are here then go to the caller: nobody else's stay, and those
    ///      that anybody has sent ahead hinder no call that takes none.
    function call(address target, bytes calldata data) external payable returns (bytes memory answer) {
        require(msg.sender == owner() || msg.sender == _MARKETPLACE, NotOwner(msg.sender));
        answer = Address.functionCallWithValue(target, data, msg.value);
        uint256 left = address(this).balance;
        if (left > 0) Address.sendValue(payable(msg.sender), left);
    }

    /* VIEWS */

    /// @inheritdoc IDeliveryBox
    function owner() public view returns (address) {
        return address(bytes20(LibClone.argsOnClone(address(this))));
    }
}

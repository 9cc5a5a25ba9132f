// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {AssetMessages} from "../../../src/assets/AssetMessages.sol";
import {AssetReading} from "../../../src/assets/AssetReading.sol";
import {IGateway} from "../../../src/interfaces/IGateway.sol";
import {Item} from "../../../src/types/Assets.sol";
import {ChainId, Message, Messages} from "../../../src/types/Message.sol";
import {Assets} from "./Assets.sol";

/// @notice Where harbour's tokens are: on which chain, with whom, or in which message.
abstract contract Flights is Assets {
    /// @notice The amount in a message about an ERC-20.
    function coinsIn(bytes calldata payload) external pure returns (uint256) {
        return AssetReading.readAmount(payload, assetsBegin(payload));
    }

    function assetsBegin(bytes calldata payload) internal pure returns (uint256 begin) {
        (, uint8 way,) = AssetReading.readHead(payload);
        (,, begin) = AssetReading.readParties(payload);
        if (way == AssetMessages.FORWARD) (, begin) = AssetReading.readFinalChain(payload, begin);
    }

    /// @notice How many of an item a message carries.
    function amountIn(bytes calldata payload, uint8 standard, uint256 id)
        external
        pure
        returns (uint256 total)
    {
        (uint8 is_, uint8 way,) = AssetReading.readHead(payload);
        if (is_ != standard || way == AssetMessages.DESCRIBE) return 0;
        uint256 begin = assetsBegin(payload);
        Item memory item;
        bool bringing;
        for (uint256 offset = begin; offset < payload.length;) {
            uint256 head = offset;
            (item.id, item.amount, bringing, offset) =
                AssetReading.readItem(standard, way == 0, payload, begin, offset, item.id);
            if (bringing) (,,, offset) = AssetReading.readBrought(payload, head, offset);
            if (item.id == id) total += item.amount;
        }
    }

    /// @dev What a message is about, or the one that it brings back.
    function carriedBy(ChainId source, ChainId destination, uint64 nonce)
        internal
        view
        returns (bytes memory)
    {
        Message storage message = sent[source][destination][nonce - 1];
        return message.flags == Messages.RETURNED ? this.withoutId(message.payload) : message.payload;
    }

    function withoutId(bytes calldata payload) external pure returns (bytes memory) {
        return payload[32:];
    }

    /// @dev Sent, and not executed: not delivered yet, or failed.
    function inFlight(ChainId source, ChainId destination, uint64 nonce) internal view returns (bool) {
        if (nonce > delivered[source][destination]) return true;
        return outcomeOf(source, destination, nonce) == IGateway.Outcome.Failed;
    }

    function coinsAt(ChainId chain) internal view returns (IERC20) {
        return chain == HARBOUR ? IERC20(address(coins)) : IERC20(address(coinsOn(chain)));
    }

    function heronsAt(ChainId chain) internal view returns (IERC721) {
        return chain == HARBOUR ? IERC721(address(herons)) : IERC721(address(heronsOn(chain)));
    }

    function shellsAt(ChainId chain) internal view returns (IERC1155) {
        return chain == HARBOUR ? IERC1155(address(shells)) : IERC1155(address(shellsOn(chain)));
    }

    /// @dev Zero if there is no such item on the chain.
    function ownerAt(ChainId chain, uint256 id) internal view returns (address owner) {
        (bool succeeded, bytes memory answer) =
            address(heronsAt(chain)).staticcall(abi.encodeCall(IERC721.ownerOf, (id)));
        if (succeeded && answer.length == 32) owner = abi.decode(answer, (address));
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IGateway} from "../interfaces/IGateway.sol";
import {IWrappedCollection} from "../interfaces/IWrappedToken.sol";
import {Attributes} from "../types/Attributes.sol";
import {InteroperableAddresses} from "../types/InteroperableAddresses.sol";
import {ChainId} from "../types/Message.sol";
import {AssetMessages} from "./AssetMessages.sol";
import {AssetReading} from "./AssetReading.sol";
import {Claims} from "./Claims.sol";
import {Flows} from "./Flows.sol";
import {Ledgers} from "./Ledgers.sol";
import {LinkedTokens} from "./LinkedTokens.sol";
import {Parcels} from "./Parcels.sol";
import {Peers, Post, Remote} from "./Peers.sol";
import {WrappedTokens} from "./WrappedTokens.sol";

/// @title Bounces
/// @notice What becomes of assets whose message has come back: what was locked is released, what was burned is minted
///         again, and what was only passing through goes back to the chain that it came from.
/// @dev Linked to the asset gateway, and runs in its place, because one contract would be too large.
library Bounces {
    using SafeERC20 for IERC20;

    /* TYPES */

    /// @dev What has come back, and to whom it goes.
    struct Bounced {
        uint8 standard;
        /// @dev The chain where it should have arrived.
        ChainId chain;
        uint8 number;
        bool limited;
        /// @dev The token of this chain.
        address token;
        address account;
        /// @dev Where it came from, if it was passing through; zero: from this chain.
        ChainId origin;
        uint8 originNumber;
    }

    /* RECEIVING */

    /// @notice Gives back what a message carried.
    /// @param id The message's.
    /// @param codeHash Of what creates the wrapped tokens of its standard.
    /// @param recipient Whom it was for.
    function giveBack(
        bytes32 id,
        IGateway gateway,
        bytes32 codeHash,
        bytes calldata recipient,
        bytes calldata payload
    ) external {
        Bounced memory bounced;
        (, ChainId chain,) = InteroperableAddresses.tryParse(recipient);
        uint8 way;
        uint256 begin;
        Remote memory remote = Peers.storage_().remotes[chain];
        Peers.requireRunning(chain, remote.flags);
        (bounced.chain, bounced.number) = (chain, remote.number);
        bounced.limited = remote.flags & Peers.LIMITED != 0;
        (bounced.standard, way, bounced.token) = AssetReading.readHead(payload);
        require(way != AssetMessages.DESCRIBE, AssetReading.KindUnknown(uint8(payload[0])));
        (, bounced.account, begin) = AssetReading.readParties(payload);
        if (way == AssetMessages.FORWARD) (, begin) = AssetReading.readFinalChain(payload, begin);
        if (way == 0) _findOrigin(bounced, id);
        else bounced.token = _standing(bounced.standard, codeHash, chain, bounced.token);

        if (bounced.standard == AssetMessages.ERC20) _giveBackERC20(bounced, way, payload, begin);
        else _giveBackItems(bounced, way, payload, begin);
        if (_goesOn(bounced)) _sendOn(bounced, gateway, payload, begin);
    }

    /// @dev What stands here for a token of another chain.
    function _standing(uint8 standard, bytes32 codeHash, ChainId chain, address homeToken)
        private
        view
        returns (address token)
    {
        token = WrappedTokens.locate(codeHash, chain, homeToken);
        if (token.code.length == 0 && standard == AssetMessages.ERC20) {
            token = LinkedTokens.localOf(chain, homeToken);
        }
    }

    /// @dev Where assets came from that this chain has only forwarded.
    function _findOrigin(Bounced memory bounced, bytes32 id) private {
        ChainId origin = Claims.storage_().origins[id];
        if (ChainId.unwrap(origin) == 0) return;
        Claims.storage_().origins[id] = ChainId.wrap(0);
        (bounced.origin, bounced.originNumber) = (origin, Peers.storage_().remotes[origin].number);
    }

    function _giveBackERC20(Bounced memory bounced, uint8 way, bytes calldata payload, uint256 begin)
        private
    {
        (address token, uint256 amount) = (bounced.token, AssetReading.readAmount(payload, begin));
        if (way == 0) Ledgers.takeBackERC20(token, bounced.chain, amount);
        if (!_admitted(bounced, 0, amount)) {
            if (way != 0) LinkedTokens.mintAgain(token, address(this), amount);
        } else if (way != 0) {
            LinkedTokens.mintAgain(token, bounced.account, amount);
        } else if (_goesOn(bounced)) {
            Ledgers.sendOutERC20(token, bounced.origin, amount);
        } else if (!IERC20(token).trySafeTransfer(bounced.account, amount)) {
            _keep(bounced, 0, amount);
        }
    }

    function _giveBackItems(Bounced memory bounced, uint8 way, bytes calldata payload, uint256 begin)
        private
    {
        uint8 standard = bounced.standard;
        (uint256 id, uint256 amount, bool bringing) = (0, 0, false);
        for (uint256 offset = begin; offset < payload.length;) {
            uint256 head = offset;
            (id, amount, bringing, offset) =
                AssetReading.readItem(standard, way == 0, payload, begin, offset, id);
            if (bringing) (,,, offset) = AssetReading.readBrought(payload, head, offset);
            if (way != 0) _mintAgain(bounced, id, amount);
            else if (standard == AssetMessages.ERC721) _giveBackERC721(bounced, id);
            else _giveBackERC1155(bounced, id, amount);
        }
    }

    /// @dev Without the receiver's hook, because the account had the item before.
    function _giveBackERC721(Bounced memory bounced, uint256 id) private {
        bool goesOn = _goesOn(bounced);
        Ledgers.moveERC721(bounced.token, id, bounced.number, goesOn ? bounced.originNumber : 0);
        if (!_admitted(bounced, id, 1) || goesOn) return;
        try IERC721(bounced.token).transferFrom{gas: _gas()}(address(this), bounced.account, id) {}
        catch {
            _keep(bounced, id, 1);
        }
    }

    function _giveBackERC1155(Bounced memory bounced, uint256 id, uint256 amount) private {
        Ledgers.takeBackERC1155(bounced.token, id, amount, bounced.chain);
        if (!_admitted(bounced, id, amount)) return;
        if (_goesOn(bounced)) return Ledgers.sendOutERC1155(bounced.token, id, amount, bounced.origin);
        try IERC1155(bounced.token).safeTransferFrom{gas: _gas()}(
            address(this), bounced.account, id, amount, ""
        ) {}
        catch {
            _keep(bounced, id, amount);
        }
    }

    /// @dev What nobody takes is minted to this contract, and waits.
    function _mintAgain(Bounced memory bounced, uint256 id, uint256 amount) private {
        IWrappedCollection token = IWrappedCollection(bounced.token);
        if (_admitted(bounced, id, amount)) {
            try token.mint{gas: _gas()}(bounced.account, id, amount) {
                return;
            } catch {
                _keep(bounced, id, amount);
            }
        }
        token.mint(address(this), id, amount);
    }

    /* RULES */

    /// @dev Whether the assets may be handed over or sent on now. If not, they wait; what is to be sent on waits as a whole,
    ///      in its message.
    function _admitted(Bounced memory bounced, uint256 id, uint256 amount) private returns (bool) {
        (address token, ChainId chain) = (bounced.token, bounced.chain);
        if (_goesOn(bounced)) {
            if (bounced.limited) Flows.requireDrawn(token, chain, false, amount);
            return true;
        }
        // On its way back to its origin already: the account may be nobody's on this chain, who has to name another.
        if (bounced.origin == Claims.RETURNING) _keep(bounced, id, amount);
        else if (!bounced.limited) return true;
        else return Claims.admit(bounced.standard, token, id, chain, bounced.account, amount);
        return false;
    }

    function _goesOn(Bounced memory bounced) private pure returns (bool) {
        return bounced.originNumber != 0;
    }

    /// @dev Has assets wait that their account does not take.
    function _keep(Bounced memory bounced, uint256 id, uint256 amount) private {
        Claims.add(bounced.standard, bounced.token, id, bounced.chain, bounced.account, amount);
    }

    /// @dev What a call to a token may use: enough is left to keep what it does not take.
    function _gas() private view returns (uint256) {
        uint256 left = gasleft();
        return left - left / 4;
    }

    /* SENDING */

    /// @dev Sends assets back to where they came from, as they are: they have been described there.
    function _sendOn(Bounced memory bounced, IGateway gateway, bytes calldata payload, uint256 begin)
        private
    {
        address account = bounced.account;
        bytes memory head = AssetMessages.outward(bounced.standard, bounced.token, account, account);
        // Each item takes two bytes at least.
        uint256 length = payload.length - begin;
        uint256 gasLimit = bounced.standard == AssetMessages.ERC20
            ? 0
            : Math.min(
                Parcels.MESSAGE_GAS + length / 2 * Parcels.ITEM_GAS + length / 32 * Parcels.STORED_WORD_GAS,
                Attributes.MAXIMUM_GAS_LIMIT
            );
        bytes32 id =
            Peers.dispatch(gateway, Post(bounced.origin, bytes.concat(head, payload[begin:]), gasLimit));
        Claims.storage_().origins[id] = Claims.RETURNING;
    }
}

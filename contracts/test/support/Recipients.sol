// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {
    IERC7786GatewaySource,
    IERC7786Recipient
} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

import {IBounceRecipient} from "../../src/interfaces/IBounceRecipient.sol";

/// @notice Returns the selector and does nothing else.
contract QuietRecipient is IERC7786Recipient {
    function receiveMessage(bytes32, bytes calldata, bytes calldata) external payable returns (bytes4) {
        return IERC7786Recipient.receiveMessage.selector;
    }
}

/// @notice Remembers every call, and answers with its selector.
contract RecordingRecipient {
    bytes[] public calls;
    uint256 public gasSeen;

    function count() external view returns (uint256) {
        return calls.length;
    }

    fallback(bytes calldata data) external payable returns (bytes memory) {
        gasSeen = gasleft();
        calls.push(data);
        return abi.encode(msg.sig);
    }
}

/// @notice Remembers the order of the payloads it got, cheaply, and under which ids.
contract OrderedRecipient is IERC7786Recipient {
    uint256[] public numbers;
    mapping(bytes32 => uint256) public timesReceived;

    function count() external view returns (uint256) {
        return numbers.length;
    }

    function receiveMessage(bytes32 id, bytes calldata, bytes calldata payload)
        external
        payable
        returns (bytes4)
    {
        numbers.push(abi.decode(payload, (uint256)));
        ++timesReceived[id];
        return IERC7786Recipient.receiveMessage.selector;
    }
}

/// @notice Refuses until it is told otherwise.
contract MoodyRecipient is IERC7786Recipient {
    error NotToday();

    bool public willing;
    uint256 public received;

    function relent() external {
        willing = true;
    }

    function receiveMessage(bytes32, bytes calldata, bytes calldata) external payable returns (bytes4) {
        require(willing, NotToday());
        ++received;
        return IERC7786Recipient.receiveMessage.selector;
    }
}

/// @notice Sends, and takes back what comes back unless it is told to refuse.
contract ReturnRecipient is IBounceRecipient {
    error NotToday();

    /// @dev The hash of each call.
    bytes32[] public calls;
    mapping(bytes32 => uint256) public timesReturned;
    bool public refusing;
    bool public takesCoins = true;

    receive() external payable {
        require(takesCoins, NotToday());
    }

    function refuse(bool refusing_) external {
        refusing = refusing_;
    }

    function refuseCoins() external {
        takesCoins = false;
    }

    function count() external view returns (uint256) {
        return calls.length;
    }

    function messageBounced(bytes32 id, bytes calldata, bytes calldata) external payable returns (bytes4) {
        require(!refusing, NotToday());
        ++timesReturned[id];
        calls.push(keccak256(msg.data));
        return IBounceRecipient.messageBounced.selector;
    }
}

/// @notice Burns all the gas it gets.
contract BurningRecipient {
    fallback() external payable {
        assembly ("memory-safe") {
            invalid()
        }
    }
}

/// @notice Reverts unless it gets so much gas.
contract DemandingRecipient {
    uint256 private immutable demanded;

    constructor(uint256 demanded_) {
        demanded = demanded_;
    }

    fallback(bytes calldata) external payable returns (bytes memory) {
        uint256 got = gasleft();
        require(got >= demanded);
        return abi.encode(IERC7786Recipient.receiveMessage.selector);
    }
}

/// @notice Answers, or reverts, with a megabyte.
contract BombRecipient {
    bool private immutable reverts;

    constructor(bool reverts_) {
        reverts = reverts_;
    }

    fallback() external payable {
        bool reverts_ = reverts;
        assembly ("memory-safe") {
            if reverts_ { revert(0, 1048576) }
            return(0, 1048576)
        }
    }
}

/// @notice Answers with whatever it was made with.
contract AnsweringRecipient {
    bytes private answer;

    constructor(bytes memory answer_) {
        answer = answer_;
    }

    fallback(bytes calldata) external payable returns (bytes memory) {
        return answer;
    }
}

/// @notice Calls the gateway back with whatever it was told, and fails if that fails.
contract ReenteringRecipient {
    bytes private call;

    function prepare(bytes calldata call_) external {
        call = call_;
    }

    fallback(bytes calldata) external payable returns (bytes memory) {
        (bool succeeded, bytes memory reason) = msg.sender.call(call);
        if (!succeeded) {
            assembly ("memory-safe") {
                revert(add(reason, 32), mload(reason))
            }
        }
        return abi.encode(IERC7786Recipient.receiveMessage.selector);
    }
}

/// @notice Does something that needs much gas, swallows its failure, and reports success.
contract SwallowingRecipient is IERC7786Recipient {
    bool public done;

    function work() external {
        for (uint256 i = 0; i < 500; ++i) {
            done = i % 2 == 1;
        }
    }

    function receiveMessage(bytes32, bytes calldata, bytes calldata) external payable returns (bytes4) {
        try this.work() {} catch {}
        return IERC7786Recipient.receiveMessage.selector;
    }
}

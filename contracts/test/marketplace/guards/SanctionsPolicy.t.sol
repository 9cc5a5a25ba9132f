// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ISanctionsList, ISanctionsPolicy} from "../../../src/interfaces/ISanctionsPolicy.sol";
import {ITransferPolicy} from "../../../src/interfaces/ITransferPolicy.sol";
import {SanctionsPolicy} from "../../../src/marketplace/guards/SanctionsPolicy.sol";
import {Sales} from "./Sales.sol";

contract SampleSanctionsList is ISanctionsList {
    mapping(address => bool) public isSanctioned;

    function add(address account) external {
        isSanctioned[account] = true;
    }
}

/// @notice Answers every question with the same bytes, or reverts with them.
contract NonsenseList {
    bytes private answer;
    bool private reverts;

    constructor(bytes memory answer_, bool reverts_) {
        (answer, reverts) = (answer_, reverts_);
    }

    fallback() external {
        (bytes memory data, bool fails) = (answer, reverts);
        assembly ("memory-safe") {
            if fails { revert(add(data, 32), mload(data)) }
            return(add(data, 32), mload(data))
        }
    }
}

contract SanctionsPolicyTest is Sales {
    SampleSanctionsList private list;
    SanctionsPolicy private policy;

    function setUp() public {
        list = new SampleSanctionsList();
        policy = new SanctionsPolicy(list);
    }

    function assertSanctioned(address account) private {
        list.add(account);

        vm.expectRevert(abi.encodeWithSelector(ISanctionsPolicy.AccountSanctioned.selector, account));
        policy.admits(aSale(), "");
    }

    function test_aSaleAmongTheUnlistedIsAdmitted() public {
        list.add(makeAddr("mallory"));

        assertEq(policy.admits(aSale(), ""), ADMITTED);
        assertEq(address(policy.list()), address(list));
    }

    function test_admits_rejectsAnOffererUnderSanctions() public {
        assertSanctioned(alice);
    }

    function test_admits_rejectsABuyerUnderSanctions() public {
        assertSanctioned(bob);
    }

    function test_admits_rejectsARecipientUnderSanctions() public {
        assertSanctioned(carol);
    }

    function test_admits_rejectsABuyerUnderSanctionsWhoIsTheRecipient() public {
        list.add(bob);
        ITransferPolicy.Sale memory sale = aSale();
        sale.recipient = bob;

        vm.expectRevert(abi.encodeWithSelector(ISanctionsPolicy.AccountSanctioned.selector, bob));
        policy.admits(sale, "");
    }

    function test_aListThatDoesNotAnswerRefusesEverybody() public {
        address[5] memory lists = [
            address(new NonsenseList("", false)),
            address(new NonsenseList(abi.encode(2), false)),
            address(new NonsenseList(hex"00", false)),
            address(new NonsenseList(abi.encode(false), true)),
            makeAddr("nobody")
        ];
        for (uint256 i = 0; i < lists.length; ++i) {
            policy = new SanctionsPolicy(ISanctionsList(lists[i]));

            vm.expectRevert();
            policy.admits(aSale(), "");
        }
    }

    function test_aListThatAnswersTooMuchIsNotCopied() public {
        policy = new SanctionsPolicy(ISanctionsList(address(new NonsenseList(new bytes(10_000), false))));

        assertEq(policy.admits(aSale(), ""), ADMITTED);
    }
}

"""Who may call what: every operation of the document, by hand. An operation that is missing here fails the tests.

`OPEN`: visitors, too. `SIGNED`: anybody who has signed in. Else any of the permissions. The body is one that is accepted
as far as its form goes, so that a call gets as far as the question of whose object it is.
"""

from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.identity.permissions import Permission
from app.kit.ids import new_id
from app.sealing.custody import public_bytes
from tests.factories.demands import written_demand, written_solution
from tests.factories.listings import description
from tests.factories.markets import SLOT
from tests.sealing.world import envelope
from tests.security import bodies

P = Permission
OPEN: Final = "open"
SIGNED: Final = "signed"


@dataclass(frozen=True)
class Rule:
    """One operation. who: `OPEN`, `SIGNED`, or the permissions of which one is needed. body: None where it takes none."""

    who: str | frozenset[P]
    body: Any = None


def _needs(*permissions: P, body: Any = None) -> Rule:
    return Rule(frozenset(permissions), body)


RULES: Final[dict[str, Rule]] = {
    "read_time": Rule(OPEN),
    "read_keys": Rule(OPEN),
    "read_record": Rule(OPEN),
    "read_notice_record": Rule(OPEN),
    "read_receipt": Rule(OPEN),
    "download_evidence_pack": Rule(SIGNED),
    "list_heads": Rule(OPEN),
    "read_identities": Rule(SIGNED),
    "read_reserve": Rule(SIGNED),
    "list_secret_reads": _needs(P.READ_ALL),
    "list_redactions": _needs(P.RECORD_REDACT),
    "request_redaction": _needs(
        P.RECORD_REDACT,
        body={"seq": 1, "field": "note", "reason": "personal_data", "document_no": "遮蔽2026-1"},
    ),
    "list_notice_redactions": _needs(P.RECORD_REDACT),
    "request_notice_redaction": _needs(P.RECORD_REDACT, body=bodies.NOTICE_REDACTION),
    "list_file_redactions": _needs(P.RECORD_REDACT),
    "request_file_redaction": _needs(
        P.RECORD_REDACT, body={"reason": "personal_data", "document_no": "遮蔽2026-3"}
    ),
    "review_redaction": _needs(P.RECORD_REDACT, body={"approved": True}),
    "move_clock": Rule(SIGNED, {"advance_seconds": 1}),
    # Parties, people, credentials.
    "register_party": Rule(OPEN, bodies.REGISTRATION),
    "list_parties": _needs(P.PARTY_READ),
    "read_own_party": Rule(SIGNED),
    "change_own_party": _needs(P.PARTY_EDIT, body={"name_en": "Test"}),
    "read_party": Rule(SIGNED),
    "resubmit_party": _needs(P.PARTY_EDIT, body={"name": "测试单位"}),
    "review_party": _needs(P.PARTY_REVIEW, body={"approved": True}),
    "list_credit_records": Rule(SIGNED),
    "read_session": Rule(SIGNED),
    "sign_in": Rule(OPEN, {"login": "nobody@example.cn", "password": bodies.PASSWORD}),
    "sign_out": Rule(SIGNED),
    "act_for": Rule(SIGNED, {"party_id": str(new_id())}),
    "change_password": Rule(
        SIGNED, {"current_password": bodies.PASSWORD, "new_password": bodies.PASSWORD + " 2"}
    ),
    "accept_invitation": Rule(OPEN, {"invitation": "x" * 43, "password": bodies.PASSWORD}),
    "accept_membership": Rule(SIGNED),
    "list_members": _needs(P.MEMBER_MANAGE),
    "add_member": _needs(
        P.MEMBER_MANAGE,
        body={"login": "somebody@example.cn", "name": "王某", "roles": ["enterprise_user"]},
    ),
    "read_member": _needs(P.MEMBER_MANAGE),
    "change_member": _needs(P.MEMBER_MANAGE, body={"job": "主任"}),
    "end_membership": Rule(SIGNED),
    "invite_again": _needs(P.MEMBER_MANAGE),
    "make_api_key": _needs(
        P.API_KEY_MANAGE, body={"name": "ERP", "kind": "test", "scopes": ["bid"], "expires_in_days": 1}
    ),
    "list_api_keys": _needs(P.API_KEY_MANAGE),
    "revoke_api_key": _needs(P.API_KEY_MANAGE),
    # The calendar.
    "read_calendar": Rule(OPEN),
    "decide_calendar_year": _needs(P.CALENDAR_EDIT, body=bodies.YEAR),
    "decide_calendar_day": _needs(
        P.CALENDAR_EDIT, body={"is_working": False, "source": "国办发明电〔2026〕7号"}
    ),
    # Money.
    "list_deposits": Rule(SIGNED),
    "read_deposit": Rule(SIGNED),
    "list_bank_arrivals": _needs(P.LEDGER_READ),
    "enter_bank_arrival": _needs(
        P.ARRIVAL_ENTER,
        body={
            "bank_reference": "20261120-000123",
            "payer_name": "某公司",
            "amount": "1.00",
            "posted_at": "2026-01-05T01:00:00Z",
            "remittance_note": "货款",
        },
    ),
    "read_bank_arrival": _needs(P.LEDGER_READ),
    "confirm_bank_arrival": _needs(P.ARRIVAL_CONFIRM),
    "refuse_bank_arrival": _needs(P.ARRIVAL_CONFIRM, body=bodies.REASON),
    "return_bank_arrival": _needs(P.ARRIVAL_CONFIRM, body=bodies.REASON),
    "list_refunds": Rule(SIGNED),
    "read_refund": Rule(SIGNED),
    "order_refund": _needs(P.REFUND_ORDER, body={"bank_reference": "P-1"}),
    "recall_refund": _needs(P.REFUND_ORDER),
    "confirm_refund": _needs(P.REFUND_CONFIRM),
    "list_deposit_dispositions": Rule(SIGNED),
    "read_deposit_disposition": Rule(SIGNED),
    "confirm_deposit_disposition": _needs(P.REFUND_CONFIRM),
    "refuse_deposit_disposition": _needs(P.REFUND_CONFIRM, body=bodies.REASON),
    "read_trial_balance": _needs(P.LEDGER_READ),
    "list_ledger_accounts": _needs(P.LEDGER_READ),
    "read_ledger_statement": _needs(P.LEDGER_READ),
    # Files.
    "keep_file": _needs(P.FILE_KEEP),
    "read_file": Rule(OPEN),
    "download_file": Rule(OPEN),
    "delete_file": _needs(P.FILE_KEEP),
    "list_file_reads": Rule(SIGNED),
    # Data rooms.
    "read_data_room": Rule(OPEN),
    "put_room_file": _needs(P.OFFERING_WRITE, body={"file_id": str(new_id()), "title": "技术方案"}),
    "remove_room_file": _needs(P.OFFERING_WRITE),
    "download_room_file": Rule(OPEN),
    "put_nda": _needs(P.OFFERING_WRITE, body={"text": "保密协议"}),
    "sign_nda": _needs(P.REGISTER_INTENT, body={"version": 1, "sha256": "0" * 64}),
    "ask_question": _needs(P.REGISTER_INTENT, body={"text": "样机能否查看？"}),
    "list_questions": Rule(OPEN),
    "answer_question": _needs(P.OFFERING_WRITE, body={"text": "可以。"}),
    "list_slots": Rule(OPEN),
    "offer_slot": _needs(P.OFFERING_WRITE, body=SLOT),
    "cancel_slot": _needs(P.OFFERING_WRITE),
    "book_slot": _needs(P.REGISTER_INTENT),
    "give_slot_back": _needs(P.REGISTER_INTENT),
    "decline_question": _needs(P.OFFERING_WRITE, body={"text": "不便公开。"}),
    # Achievements and their imports.
    "post_achievement": _needs(P.ACHIEVEMENT_WRITE, body=description()),
    "list_achievements": Rule(OPEN),
    "list_my_achievements": Rule(SIGNED),
    "list_achievements_for_review": _needs(P.ACHIEVEMENT_REVIEW),
    "get_achievement": Rule(OPEN),
    "amend_achievement": _needs(P.ACHIEVEMENT_WRITE, body={"title": "另一个题目"}),
    "confirm_achievement_by_owner": _needs(P.ACHIEVEMENT_SUBMIT),
    "confirm_ownership_shares": _needs(P.ACHIEVEMENT_SUBMIT),
    "submit_achievement": _needs(P.ACHIEVEMENT_WRITE),
    "return_achievement": _needs(P.ACHIEVEMENT_REVIEW, body=bodies.REASON),
    "register_achievement": _needs(P.ACHIEVEMENT_REVIEW),
    "publish_achievement": _needs(P.ACHIEVEMENT_REVIEW),
    "withdraw_achievement": Rule(SIGNED, bodies.REASON),
    "start_import": _needs(P.IMPORT_RUN),
    "get_operation": _needs(P.IMPORT_RUN),
    "get_operation_report": _needs(P.IMPORT_RUN),
    "post_import_mapping": _needs(
        P.IMPORT_RUN, body={"name": "成果表", "mapping": {"fields": {"title": {"column": "名称"}}}}
    ),
    "list_import_mappings": _needs(P.IMPORT_RUN),
    # Demands and answers.
    "list_demands": Rule(OPEN),
    "post_demand": _needs(P.DEMAND_WRITE, body=written_demand()),
    "read_demand": Rule(OPEN),
    "change_demand": _needs(P.DEMAND_WRITE, body={"title": "另一个题目"}),
    "confirm_demand": _needs(P.DEMAND_WRITE),
    "submit_demand": _needs(P.DEMAND_WRITE),
    "return_demand": _needs(P.DEMAND_REVIEW, body=bodies.REASON),
    "publish_demand": _needs(P.DEMAND_REVIEW),
    "choose_solution": _needs(P.DEMAND_WRITE, body={"solution_id": str(new_id()), "reason": "方案可行"}),
    "close_demand": _needs(P.DEMAND_WRITE, body={"outcome": "withdrawn", "reason": "项目调整"}),
    "list_my_demands": _needs(P.DEMAND_WRITE),
    "list_solutions": Rule(SIGNED),
    "post_solution": _needs(P.SOLUTION_WRITE, body=written_solution()),
    "list_my_solutions": _needs(P.SOLUTION_WRITE),
    "read_solution": Rule(SIGNED),
    "shortlist_solution": _needs(P.DEMAND_WRITE),
    "withdraw_solution": _needs(P.SOLUTION_WRITE),
    # Offerings, registrations, negotiations, awards.
    "create_offering": _needs(
        P.OFFERING_WRITE, body={"path": "negotiated", "achievement_ids": [str(new_id())], "mode": "transfer"}
    ),
    "list_offerings": Rule(OPEN),
    "list_my_offerings": Rule(SIGNED),
    "read_offering": Rule(OPEN),
    "edit_offering": _needs(P.OFFERING_WRITE, body={"title": "另一个题目"}),
    "read_guards": Rule(SIGNED),
    "read_allocation": Rule(SIGNED),
    "allocate_price": _needs(
        P.OFFERING_WRITE,
        body={
            "shares": [
                {"achievement_id": str(new_id()), "share_bp": 6000},
                {"achievement_id": str(new_id()), "share_bp": 4000},
            ]
        },
    ),
    "agree_to_allocation": _needs(P.OFFERING_WRITE),
    "submit_offering": _needs(P.OFFERING_WRITE),
    "review_offering": _needs(P.OFFERING_REVIEW, body={"approved": True, "reason": "材料齐全"}),
    "withdraw_offering": _needs(P.OFFERING_WRITE, body={"reason": "other", "note": "说明"}),
    "list_offering_awards": Rule(OPEN),
    "list_my_awards": Rule(SIGNED),
    "read_award": Rule(OPEN),
    "list_rule_profiles": Rule(OPEN),
    "list_profile_drafts": _needs(P.PROFILE_PUBLISH),
    "propose_profile": _needs(P.PROFILE_PUBLISH, body=bodies.PROFILE),
    "publish_profile": _needs(P.PROFILE_PUBLISH),
    "refuse_profile": _needs(P.PROFILE_PUBLISH, body=bodies.REASON),
    "register": _needs(P.REGISTER_INTENT, body={"agent_name": "李某"}),
    "list_registrants": _needs(P.REGISTRATION_REVIEW, P.ARRIVAL_CONFIRM),
    "list_all_registrants": _needs(P.REGISTRATION_REVIEW, P.ARRIVAL_CONFIRM),
    "read_registrant": _needs(P.REGISTRATION_REVIEW, P.ARRIVAL_CONFIRM),
    "list_registrations": Rule(SIGNED),
    "read_registration": Rule(SIGNED),
    "list_registration_agents": Rule(SIGNED),
    "accept_late_arrival": _needs(
        P.ARRIVAL_CONFIRM, body={"consent_document_no": "同意函〔2026〕2号", **bodies.NOTE}
    ),
    "read_priority_holders": Rule(SIGNED),
    "name_priority_holders": _needs(P.OFFERING_WRITE, body={"holders": []}),
    "answer_priority": _needs(P.BID, body={"exercise": False}),
    "consent_to_registration": _needs(P.REGISTER_INTENT),
    "decide_qualification": _needs(P.REGISTRATION_REVIEW, body={"passed": True, "reason": "合格"}),
    "withdraw_registration": _needs(P.REGISTER_INTENT),
    "publish_listing": _needs(P.OFFERING_REVIEW),
    "accept_ask": _needs(P.REGISTER_INTENT),
    "open_negotiation": _needs(P.NEGOTIATE, body={"message": "有意洽谈"}),
    "list_negotiations": Rule(SIGNED),
    "read_negotiation": Rule(SIGNED),
    "make_offer": _needs(P.NEGOTIATE, body={"amount": "100000.00", "terms": "一次付清"}),
    "accept_offer": _needs(P.NEGOTIATE, body={"offer_id": str(new_id())}),
    "end_negotiation": _needs(P.NEGOTIATE, body=bodies.REASON),
    "enter_agreed_terms": _needs(
        P.OFFERING_WRITE, body=bodies.AGREED | {"agreed_on": "2026-09-01", "buyer_party_id": str(new_id())}
    ),
    "confirm_agreed_terms": _needs(P.NEGOTIATE, body={"confirms": True}),
    "decide_on_terms": _needs(P.OFFERING_WRITE, body=bodies.DECIDED),
    "publish_price_notice": _needs(P.NOTICE_MANAGE, body={}),
    "sign_noticed_terms": _needs(P.OFFERING_WRITE, body=bodies.AGREED | {"signed_on": "2026-09-30"}),
    # Auctions.
    "list_auctions": Rule(OPEN),
    "create_auction": _needs(P.OFFERING_WRITE, body={"offering_id": str(new_id()), "terms": bodies.TERMS}),
    "read_auction": Rule(OPEN),
    "change_auction": _needs(P.OFFERING_WRITE, body={"terms": bodies.TERMS}),
    "publish_notice": _needs(P.AUCTION_MANAGE, body=bodies.NOTICE),
    "mark_ready": _needs(P.ARRIVAL_CONFIRM),
    # Sealed sales. An envelope is left with a pass and without any credential.
    "list_custodian_keys": Rule(SIGNED),
    "register_custodian_key": Rule(
        SIGNED, {"public_key": public_bytes(X25519PrivateKey.generate()).hex(), "name": "开标密钥"}
    ),
    "prove_custodian_key": Rule(SIGNED, {"answer": "0" * 64}),
    "retire_custodian_key": Rule(SIGNED),
    "seat_custodians": _needs(P.AUCTION_MANAGE, body={"seats": []}),
    "rehearse_opening": _needs(P.AUCTION_MANAGE),
    "read_envelope_pass": _needs(P.BID),
    "put_envelope": Rule(OPEN, envelope()),
    "read_opening": Rule(OPEN),
    "list_envelopes": Rule(SIGNED),
    "hand_in_shares": Rule(
        SIGNED, {"round_no": 1, "key": "0" * 64, "shares": [{"envelope_id": str(new_id()), "share": None}]}
    ),
    "release_opening": _needs(P.AUCTION_MANAGE),
    "decide_opening": _needs(
        P.OFFERING_WRITE, body={"proceed": True, "document_no": "〔2026〕1号", **bodies.NOTE}
    ),
    "list_bids": Rule(OPEN),
    "place_bid": _needs(P.BID, body={"amount": "2000000.00"}),
    "set_proxy": _needs(P.BID, body={"maximum": "3000000.00"}),
    "read_proxy": Rule(SIGNED),
    "cancel_proxy": _needs(P.BID),
    "list_auction_events": Rule(OPEN),
    "read_standing": Rule(SIGNED),
    "suspend_auction": _needs(P.AUCTION_MANAGE, body={"reason": "system_fault", **bodies.NOTE}),
    "resume_auction": _needs(P.AUCTION_MANAGE, body=bodies.NOTE),
    "cancel_auction": _needs(
        P.AUCTION_MANAGE, body={"reason": "supervisor_order", "document_no": "〔2026〕1号", **bodies.NOTE}
    ),
    "replace_agent": _needs(
        P.MEMBER_MANAGE, body={"user_id": str(new_id()), "document_no": "授权〔2026〕8号"}
    ),
    "read_auction_result": Rule(OPEN),
    "list_sale_confirmations": Rule(SIGNED),
    "read_sale_confirmation": Rule(SIGNED),
    "print_sale_confirmation": Rule(SIGNED),
    "sign_sale_confirmation": Rule(SIGNED),
    "read_default": Rule(SIGNED),
    "propose_default": _needs(
        P.AUCTION_MANAGE,
        body={"ground": "declared", "document_no": "违约认定〔2026〕3号", "reason": "书面声明不再受让"},
    ),
    "confirm_default": _needs(P.AUCTION_MANAGE),
    "refuse_default": _needs(P.AUCTION_MANAGE, body=bodies.REASON),
    "propose_disposition": _needs(P.REFUND_ORDER, body={"costs": "0.00", **bodies.NOTE}),
    "call_reauction": _needs(P.OFFERING_WRITE, body={"terms": bodies.TERMS}),
    "auction_stream": Rule(OPEN),
    # Sessions.
    "list_sale_sessions": Rule(OPEN),
    "create_sale_session": _needs(P.AUCTION_MANAGE, body=bodies.SESSION),
    "read_sale_session": Rule(OPEN),
    "change_sale_session": _needs(P.AUCTION_MANAGE, body=bodies.SESSION),
    "put_session_lots": _needs(P.AUCTION_MANAGE, body={"auction_ids": [str(new_id())]}),
    "publish_session_notice": _needs(P.AUCTION_MANAGE, body=bodies.NOTICE),
    "mark_session_ready": _needs(P.ARRIVAL_CONFIRM),
    "register_for_session": _needs(P.REGISTER_INTENT, body={"units": 2}),
    "read_session_standing": Rule(SIGNED),
    "list_session_registrants": _needs(P.REGISTRATION_REVIEW),
    "decide_session_qualification": _needs(P.REGISTRATION_REVIEW, body={"passed": True, "reason": "合格"}),
    "withdraw_session_registration": _needs(P.REGISTER_INTENT),
    "read_session_registrant": _needs(P.REGISTRATION_REVIEW),
    "read_paddle_sheet": _needs(P.REGISTRATION_REVIEW),
    "print_paddle_sheet": _needs(P.REGISTRATION_REVIEW),
    "hand_out_paddle": _needs(P.REGISTRATION_REVIEW),
    "exchange_paddle": _needs(P.REGISTRATION_REVIEW, body={"reason": "号牌遗失"}),
    "enter_mandate": _needs(
        P.REGISTRATION_REVIEW,
        body={
            "session_registration_id": str(new_id()),
            "source": "absentee",
            "document_no": "委托〔2026〕1号",
            "maximum": "3000000.00",
        },
    ),
    "open_lot": _needs(P.AUCTION_CONDUCT),
    "place_floor_bid": _needs(P.AUCTION_CONDUCT, body={"paddle_no": 260, "amount": "2000000.00"}),
    "call_lot": _needs(P.AUCTION_CONDUCT, body={"number": 1}),
    "hammer_lot": _needs(P.AUCTION_CONDUCT),
    "pass_lot_in": _needs(P.AUCTION_CONDUCT),
    "correct_floor_bid": _needs(P.AUCTION_CONDUCT, body={"bid_no": 1}),
    "withdraw_lot": _needs(
        P.AUCTION_CONDUCT, body={"reason": "seller_withdrawal", "document_no": "〔2026〕1号", **bodies.NOTE}
    ),
    "read_session_minutes": Rule(SIGNED),
    "print_session_minutes": Rule(SIGNED),
    "sale_session_stream": Rule(OPEN),
    # Notices and objections.
    # Internal decisions.
    "list_approval_chains": Rule(SIGNED),
    "make_approval_chain": _needs(P.CHAIN_EDIT, body=bodies.CHAIN),
    "retire_approval_chain": _needs(P.CHAIN_EDIT),
    "list_approval_cases": Rule(SIGNED),
    "read_approval_case": Rule(SIGNED),
    "submit_approval_case": _needs(P.APPROVAL_OPEN),
    "decide_approval_step": _needs(P.APPROVAL_DECIDE, body={"position": 0, "decision": "approved"}),
    "cancel_approval_case": _needs(P.APPROVAL_OPEN, body=bodies.REASON),
    "list_approval_delegations": Rule(SIGNED),
    "make_approval_delegation": _needs(P.APPROVAL_DECIDE, body=bodies.DELEGATION),
    "revoke_approval_delegation": _needs(P.APPROVAL_DECIDE),
    "open_approval_case": _needs(P.APPROVAL_OPEN, body={"chain_id": str(new_id())}),
    "read_folder": Rule(SIGNED),
    "put_paper_into_folder": _needs(P.APPROVAL_OPEN, body=bodies.PAPER),
    "list_notices": Rule(OPEN),
    "list_notice_fields": Rule(OPEN),
    "read_notice": Rule(OPEN),
    "list_notice_revisions": Rule(OPEN),
    "attest_notice_place": _needs(P.NOTICE_MANAGE, body=bodies.PLACE),
    "revoke_notice": _needs(P.NOTICE_CONFIRM, body={"reason_class": "other", **bodies.NOTE}),
    "watch_notice": Rule(SIGNED),
    "unwatch_notice": Rule(SIGNED),
    "propose_mend": _needs(
        P.NOTICE_MANAGE, body={"kind": "correction", "fields": {"contact": "新电话"}, **bodies.REASON}
    ),
    "list_mends": _needs(P.NOTICE_MANAGE, P.NOTICE_CONFIRM),
    "read_mend": _needs(P.NOTICE_MANAGE, P.NOTICE_CONFIRM),
    "confirm_mend": _needs(P.NOTICE_CONFIRM),
    "refuse_mend": _needs(P.NOTICE_CONFIRM, body=bodies.REASON),
    "file_objection": _needs(
        P.OBJECTION_FILE, body={"ground": "price", "relation": "同行企业", "statement": "价格偏低"}
    ),
    "list_objections": Rule(SIGNED),
    "read_objection": Rule(SIGNED),
    "accept_objection": _needs(P.OBJECTION_HANDLE),
    "reject_objection": _needs(P.OBJECTION_HANDLE, body={"findings": "形式不符"}),
    "investigate_objection": _needs(P.OBJECTION_HANDLE),
    "extend_objection": _needs(P.OBJECTION_HANDLE),
    "decide_objection": _needs(P.OBJECTION_HANDLE, body={"upheld": False, **bodies.FINDINGS}),
    "withdraw_objection": _needs(P.OBJECTION_FILE),
    "request_objection_review": _needs(P.OBJECTION_FILE, body=bodies.REASON),
    "decide_objection_review": _needs(P.OBJECTION_REVIEW, body={"outcome": "confirmed", **bodies.FINDINGS}),
    # Contracts, and the organisation's stream.
    "list_contracts": Rule(SIGNED),
    "read_contract": Rule(SIGNED),
    "confirm_contract": _needs(P.CONTRACT_CONFIRM),
    "organisation_stream": Rule(SIGNED),
}

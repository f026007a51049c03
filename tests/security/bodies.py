"""Bodies that are accepted as far as their form goes, for the table of who may call what."""

from app.kit.ids import new_id
from tests.factories.identity import valid_uscc

REASON = {"reason": "材料不齐"}
TERMS = {
    "start_price": "2000000.00",
    "ladder": [{"from_price": "0.00", "increment": "100000.00"}],
    "deposit": "200000.00",
}
NOTE = {"note": "说明"}
YEAR = {"year": 2041, "days_off": ["2041-01-01"], "days_worked": [], "source": "国办发明电〔2040〕7号"}
PASSWORD = "correct horse battery staple"

NOTICE = {
    "registration_opens_at": "2027-01-05T01:00:00Z",
    "registration_closes_at": "2027-01-15T01:00:00Z",
    "deposit_due_at": "2027-01-15T09:00:00Z",
    "starts_at": "2027-01-20T01:00:00Z",
}
PLACE = {
    "place": "unit_site",
    "url": "https://kjc.example.edu.cn/gs/1",
    "published_at": "2026-11-25T01:00:00Z",
}
FINDINGS = {"findings": "经核查属实", "document_no": "〔2026〕1号"}
SESSION = {"name": "秋季专场", "profile": "online_session", "venue": "线上"}
PROFILE = {
    "code": "PRIVATE",
    "changes": {"listing_days": 8},
    "effective_on": "2031-01-01",
    "document_no": "浙科规〔2026〕9号",
}
CHAIN = {
    "name": "科技成果转化审批",
    "subject_kinds": ["offering"],
    "steps": [{"group": 1, "kind": "president_meeting", "title": "校长办公会", "role": "org_leader"}],
}
DELEGATION = {
    "to_user_id": str(new_id()),
    "from_on": "2026-11-25",
    "until_on": "2027-11-25",
    "document_no": "委〔2026〕1号",
}
PAPER = {"kind": "price_report", "title": "专利协议定价报告", "document_no": "校科〔2026〕7号"}
REGISTRATION = {
    "kind": "private_enterprise",
    "name": "测试注册单位",
    "uscc": valid_uscc(),
    "region_code": "330106",
    "person": {"login": f"{new_id()}@example.cn", "name": "王某", "password": PASSWORD},
}
NOTICE_REDACTION = {"seq": 1, "field": "contact", "reason": "personal_data", "document_no": "遮蔽2026-2"}
AGREED = {"amount": "100000.00", "terms": "一次付清", "document_no": "备忘录1号"}
DECIDED = {"document_no": "纪要1号", "decided_on": "2026-09-02", "related": {"is_related": False}}

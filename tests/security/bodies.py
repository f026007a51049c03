"""Bodies that are accepted as far as their form goes, for the table of who may call what."""

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

"""Who can sign in to the demonstration, and with which password."""

from app.demo import cast, data
from app.demo.lots import GUEST

PASSWORD = "jishi-demo-2026"  # noqa: S105  # public: every login of the demonstration has it
SHOWN = (
    (GUEST, "在进行的竞价里出价", "bids in the live auction"),
    (
        "huxd.sgdd@example.cn",
        "企业：需求、报名、出价、合同",
        "an enterprise: demands, registrations, contracts",
    ),
    ("tto.zdlg@example.cn", "高校转移中心：成果、进场、合同", "a university's transfer office"),
    ("gongl.tsjs@example.cn", "民营企业卖方：协议定价", "a private seller: negotiations"),
    ("op1.zjjy@example.cn", "交易机构：审核、资格、竞价", "the exchange's operator"),
    ("fin1.zjjy@example.cn", "财务：到账录入(复核 fin2)", "finance, maker (fin2 checks)"),
    ("admin.zjjy@example.cn", "交易机构管理员：人员与角色", "the exchange's manager"),
    ("supervisor.skjt@example.cn", "主管部门：只读", "the supervisor, reads all"),
)


def logins() -> str:
    """The most useful logins, one a line, for the terminal."""
    lines = [f"  演示登录 demonstration logins (口令 password {PASSWORD}):"]
    lines += [f"    {login:28} {zh} · {en}" for login, zh, en in SHOWN]
    lines.append("  全部登录 all of them: docs/demonstration.md    跑一遍 play: python -m app demo --play")
    return "\n".join(lines)


def everybody() -> list[tuple[str, str, str, str]]:
    """Login, name, party and job of everybody who can sign in."""
    rows = []
    for party in data.organisations():
        listed = list(party["people"])
        if party["kind"] == "exchange":
            listed.insert(
                0,
                {
                    "login": cast.founder_login(party),
                    "name": party["legal_representative"],
                    "job": "市场管理员",
                },
            )
        elif cast.first_person(party) not in listed:
            listed.insert(0, cast.first_person(party))
        rows += [(str(one["login"]), str(one["name"]), str(party["name"]), str(one["job"])) for one in listed]
    return rows

"""Working days by government decision, 2004 to 2026.

The exceptions to the ordinary week are written out here, as the State Council's yearly notices set them: a migration
that asked an installed library would fill different tables on different machines. They were taken from the package
chinesecalendar 1.11 (MIT); a test compares every day of the table with it.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FIRST_YEAR, LAST_YEAR = 2004, 2026
SOURCE = "国务院办公厅年度放假通知"

# Year, festival, weekdays off, weekend days worked in exchange (调休), as month and day.
EXCEPTIONS = """
2004 元旦 off 0101
2004 春节 off 0122 0123 0126 0127 0128 on 0117 0118
2004 劳动节 off 0503 0504 0505 0506 0507 on 0508 0509
2004 国庆节 off 1001 1004 1005 1006 1007 on 1009 1010
2005 元旦 off 0103
2005 春节 off 0209 0210 0211 0214 0215 on 0205 0206
2005 劳动节 off 0502 0503 0504 0505 0506 on 0430 0508
2005 国庆节 off 1003 1004 1005 1006 1007 on 1008 1009
2006 元旦 off 0102 0103 on 1230 1231
2006 春节 off 0130 0131 0201 0202 0203 on 0128 0205
2006 劳动节 off 0501 0502 0503 0504 0505 on 0429 0430
2006 国庆节 off 1002 1003 1004 1005 1006 on 0930 1008
2007 元旦 off 0101 0102 0103 1231 on 1229
2007 春节 off 0219 0220 0221 0222 0223 on 0217 0225
2007 劳动节 off 0501 0502 0503 0504 0507 on 0428 0429
2007 国庆节 off 1001 1002 1003 1004 1005 on 0929 0930
2008 元旦 off 0101
2008 春节 off 0206 0207 0208 0211 0212 on 0202 0203
2008 清明节 off 0404
2008 劳动节 off 0501 0502 on 0504
2008 端午节 off 0609
2008 中秋节 off 0915
2008 国庆节 off 0929 0930 1001 1002 1003 on 0927 0928
2009 元旦 off 0101 0102 on 0104
2009 春节 off 0126 0127 0128 0129 0130 on 0124 0201
2009 清明节 off 0406
2009 劳动节 off 0501
2009 端午节 off 0528 0529 on 0531
2009 国庆节 off 1001 1002 1005 1006 1007 1008 on 0927 1010
2010 元旦 off 0101
2010 春节 off 0215 0216 0217 0218 0219 on 0220 0221
2010 清明节 off 0405
2010 劳动节 off 0503
2010 端午节 off 0614 0615 0616 on 0612 0613
2010 中秋节 off 0922 0923 0924 on 0919 0925
2010 国庆节 off 1001 1004 1005 1006 1007 on 0926 1009
2011 元旦 off 0103 on 1231
2011 春节 off 0202 0203 0204 0207 0208 on 0130 0212
2011 清明节 off 0404 0405 on 0402
2011 劳动节 off 0502
2011 端午节 off 0606
2011 中秋节 off 0912
2011 国庆节 off 1003 1004 1005 1006 1007 on 1008 1009
2012 元旦 off 0102 0103
2012 春节 off 0123 0124 0125 0126 0127 on 0121 0129
2012 清明节 off 0402 0403 0404 on 0331 0401
2012 劳动节 off 0430 0501 on 0428
2012 端午节 off 0622
2012 国庆节 off 1001 1002 1003 1004 1005 on 0929
2013 元旦 off 0101 0102 0103 on 0105 0106
2013 春节 off 0211 0212 0213 0214 0215 on 0216 0217
2013 清明节 off 0404 0405 on 0407
2013 劳动节 off 0429 0430 0501 on 0427 0428
2013 端午节 off 0610 0611 0612 on 0608 0609
2013 中秋节 off 0919 0920 on 0922
2013 国庆节 off 1001 1002 1003 1004 1007 on 0929 1012
2014 元旦 off 0101
2014 春节 off 0131 0203 0204 0205 0206 on 0126 0208
2014 清明节 off 0407
2014 劳动节 off 0501 0502 on 0504
2014 端午节 off 0602
2014 中秋节 off 0908
2014 国庆节 off 1001 1002 1003 1006 1007 on 0928 1011
2015 元旦 off 0101 0102 on 0104
2015 春节 off 0218 0219 0220 0223 0224 on 0215 0228
2015 清明节 off 0406
2015 劳动节 off 0501
2015 端午节 off 0622
2015 抗战胜利纪念日 off 0903 0904 on 0906
2015 国庆节 off 1001 1002 1005 1006 1007 on 1010
2016 元旦 off 0101
2016 春节 off 0208 0209 0210 0211 0212 on 0206 0214
2016 清明节 off 0404
2016 劳动节 off 0502
2016 端午节 off 0609 0610 on 0612
2016 中秋节 off 0915 0916 on 0918
2016 国庆节 off 1003 1004 1005 1006 1007 on 1008 1009
2017 元旦 off 0102
2017 春节 off 0127 0130 0131 0201 0202 on 0122 0204
2017 清明节 off 0403 0404 on 0401
2017 劳动节 off 0501
2017 端午节 off 0529 0530 on 0527
2017 国庆节 off 1002 1003 1005 1006 on 0930
2017 中秋节 off 1004
2018 元旦 off 0101 1231 on 1229
2018 春节 off 0215 0216 0219 0220 0221 on 0211 0224
2018 清明节 off 0405 0406 on 0408
2018 劳动节 off 0430 0501 on 0428
2018 端午节 off 0618
2018 中秋节 off 0924
2018 国庆节 off 1001 1002 1003 1004 1005 on 0929 0930
2019 元旦 off 0101
2019 春节 off 0204 0205 0206 0207 0208 on 0202 0203
2019 清明节 off 0405
2019 劳动节 off 0501 0502 0503 on 0428 0505
2019 端午节 off 0607
2019 中秋节 off 0913
2019 国庆节 off 1001 1002 1003 1004 1007 on 0929 1012
2020 元旦 off 0101
2020 春节 off 0124 0127 0128 0129 0130 0131 on 0119
2020 清明节 off 0406
2020 劳动节 off 0501 0504 0505 on 0426 0509
2020 端午节 off 0625 0626 on 0628
2020 国庆节 off 1001 1002 1005 1006 1007 1008 on 0927 1010
2021 元旦 off 0101
2021 春节 off 0211 0212 0215 0216 0217 on 0207 0220
2021 清明节 off 0405
2021 劳动节 off 0503 0504 0505 on 0425 0508
2021 端午节 off 0614
2021 中秋节 off 0920 0921 on 0918
2021 国庆节 off 1001 1004 1005 1006 1007 on 0926 1009
2022 元旦 off 0103
2022 春节 off 0131 0201 0202 0203 0204 on 0129 0130
2022 清明节 off 0404 0405 on 0402
2022 劳动节 off 0502 0503 0504 on 0424 0507
2022 端午节 off 0603
2022 中秋节 off 0912
2022 国庆节 off 1003 1004 1005 1006 1007 on 1008 1009
2023 元旦 off 0102
2023 春节 off 0123 0124 0125 0126 0127 on 0128 0129
2023 清明节 off 0405
2023 劳动节 off 0501 0502 0503 on 0423 0506
2023 端午节 off 0622 0623 on 0625
2023 中秋节 off 0929
2023 国庆节 off 1002 1003 1004 1005 1006 on 1007 1008
2024 元旦 off 0101
2024 春节 off 0212 0213 0214 0215 0216 on 0204 0218
2024 清明节 off 0404 0405 on 0407
2024 劳动节 off 0501 0502 0503 on 0428 0511
2024 端午节 off 0610
2024 中秋节 off 0916 0917 on 0914
2024 国庆节 off 1001 1002 1003 1004 1007 on 0929 1012
2025 元旦 off 0101
2025 春节 off 0128 0129 0130 0131 0203 0204 on 0126 0208
2025 清明节 off 0404
2025 劳动节 off 0501 0502 0505 on 0427
2025 端午节 off 0602
2025 国庆节 off 1001 1002 1003 1007 1008 on 0928 1011
2025 中秋节 off 1006
2026 元旦 off 0101 0102 on 0104
2026 春节 off 0216 0217 0218 0219 0220 0223 on 0214 0228
2026 清明节 off 0406
2026 劳动节 off 0501 0504 0505 on 0509
2026 端午节 off 0619
2026 国庆节 off 1001 1002 1005 1006 1007 on 0920 1010
2026 中秋节 off 0925
"""


def _exceptions() -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for line in EXCEPTIONS.strip().splitlines():
        year, festival, *marks = line.split()
        is_working = False
        for mark in marks:
            if mark in ("off", "on"):
                is_working = mark == "on"
                continue
            on = date(int(year), int(mark[:2]), int(mark[2:]))
            note = f"{festival}调休上班" if is_working else festival
            found.append({"day": on, "works": is_working, "why": note})
    return found


def upgrade() -> None:
    table = op.create_table(
        "calendar_days",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("market_now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_calendar_days_entered_by")),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_calendar_days")),
    )
    bind = op.get_bind()
    bind.execute(
        sa.text(
            """INSERT INTO calendar_days ("on", is_working, source)
               SELECT day::date, extract(isodow FROM day) < 6, :source
               FROM generate_series(make_date(:first, 1, 1), make_date(:last, 12, 31), interval '1 day') AS day"""
        ),
        {"source": SOURCE, "first": FIRST_YEAR, "last": LAST_YEAR},
    )
    bind.execute(
        sa.update(table)
        .where(table.c.on == sa.bindparam("day"))
        .values(is_working=sa.bindparam("works"), note=sa.bindparam("why")),
        _exceptions(),
    )


def downgrade() -> None:
    op.drop_table("calendar_days")

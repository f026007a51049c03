"""Faults in files, data rooms and evidence packs."""

from typing import Final

from tests.planted.fault import planted

ROOM: Final = "tests/markets/test_dataroom.py"
PACKS: Final = "tests/evidence/test_packs.py"
FILES: Final = "tests/files/test_rules.py"
_RULES: Final = "app/markets/dataroom/rules.py"

ROOMS: Final = (
    planted(
        "closed-room-still-serves",
        "a data room gives out its files after the award",
        _RULES,
        (
            "    if room.is_closed:\n        raise DataRoomClosed()\n    if file_class is FileClass.NDA and (",
            "    if file_class is FileClass.NDA and (",
        ),
        ROOM,
        quick=True,
    ),
    planted(
        "old-signature-counts",
        "a signature under an older version of the agreement is enough",
        _RULES,
        ("reader.signed_version != room.nda_version", "reader.signed_version is None"),
        ROOM,
        quick=True,
    ),
    planted(
        "pack-without-the-second-look",
        "a pack leaves although something of it was redacted meanwhile",
        "app/evidence/actions/packs.py",
        ("if await redacted(session, found) != found.redacted:", "if await redacted(session, found) < 0:"),
        PACKS,
    ),
    planted(
        "unlisted-items-pass",
        "the verifier overlooks items that the manifest does not name",
        "app/evidence/rules/packs.py",
        (
            "sorted(set(names) - listed - {MANIFEST, SIGNATURE})",
            "sorted(listed - set(names) - {MANIFEST, SIGNATURE})",
        ),
        PACKS,
    ),
    planted(
        "type-by-prefix-alone",
        "an archive is not looked into",
        "app/files/rules.py",
        ("    _check_members(members)\n", ""),
        FILES,
        quick=True,
    ),
)

"""Codes by which parties are identified, and their check characters. Pure.

Sources: GB 32100 (统一社会信用代码), GB 11643 (公民身份号码; residence permits of Hong Kong, Macau and Taiwan residents
and foreigners' permanent residence cards have the same form), GB/T 2260 (regions), ISO 3166-1 (countries).
"""

import re
import unicodedata
from datetime import date

from app.identity.errors import PersonNumberInvalid, RegionUnknown, UsccInvalid

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_DEPARTMENTS = "123456789ANY"
"""First characters that GB 32100 gives to registering departments: A is the army, N agriculture (collectives),
Y all others. python-stdnum refuses the letters, which is why the check is our own."""

_USCC = re.compile(rf"[{USCC_DEPARTMENTS}][{USCC_ALPHABET}][0-9]{{6}}[{USCC_ALPHABET}]{{10}}\Z", re.ASCII)
_PERSON_NUMBER = re.compile(r"[0-9]{17}[0-9X]\Z", re.ASCII)
_PERSON_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PROVINCE_CODES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82"
)
_PROVINCES = frozenset(_PROVINCE_CODES.split())
_PERMIT_PREFIXES = frozenset({"83"})  # residence permits of Taiwan residents
_BORN_FIRST = date(1850, 1, 1)

_COUNTRY_CODES = (
    "ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS"
    " BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV"
    " CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM"
    " GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN"
    " IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE"
    " LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS"
    " MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK"
    " PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR"
    " SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY"
    " USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE"
)
COUNTRIES = frozenset(_COUNTRY_CODES.split())


def uscc_check_character(body: str) -> str:
    """The 18th character for the first 17: weights are the powers of 3, modulus 31 (GB 32100)."""
    total = sum(
        USCC_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body[:17])
    )
    return USCC_ALPHABET[-total % 31]


def _uscc_holds(code: str) -> bool:
    return _USCC.match(code) is not None and code[17] == uscc_check_character(code)


def check_uscc(code: str) -> None:
    """Refuse what is not a unified social credit code. Nothing is corrected silently: the remedy is named."""
    if _uscc_holds(code):
        return
    field = "/body/uscc"
    plain = unicodedata.normalize("NFKC", code).upper()
    # People paste codes with spaces between the groups, in lower case, or in full width from a Chinese keyboard.
    plain = "".join(plain.split()).replace("-", "")
    if plain != code and _uscc_holds(plain):
        raise UsccInvalid(
            f"请使用半角大写字母和数字、中间不留空格：{plain}。",
            f"Write it in half-width capitals and digits without spaces: {plain}.",
            field=field,
            suggestion=plain,
        )
    if len(plain) != 18:
        raise UsccInvalid(
            f"统一社会信用代码为 18 位，现为 {len(plain)} 位。",
            f"A unified social credit code has 18 characters, this one has {len(plain)}.",
            field=field,
        )
    if _USCC.match(plain) is None:
        raise UsccInvalid(
            "首位应为 1 至 9、A、N 或 Y，第 3 至 8 位为数字，其余不含 I、O、S、V、Z。",
            "It begins with 1 to 9, A, N or Y; places 3 to 8 are digits; I, O, S, V and Z do not occur.",
            field=field,
        )
    raise UsccInvalid(
        "最后一位校验码不符，请对照营业执照或法人证书核对。",
        "The check character does not fit; compare it with the certificate.",
        field=field,
    )


def check_person_number(number: str, today: date) -> None:
    """Refuse what is not an 18-character identity number: form, region, date of birth, check character.

    The refusal never repeats the number.
    """
    field = "/body/person_number"
    if _PERSON_NUMBER.match(number) is None:
        raise PersonNumberInvalid(
            "身份证号为 18 位：17 位数字加一位数字或大写 X，使用半角字符。",
            "It has 17 digits and then a digit or a capital X, in half width.",
            field=field,
        )
    if number[:2] not in _PROVINCES | _PERMIT_PREFIXES and number[0] != "9":
        raise PersonNumberInvalid(
            "前两位不是已有的地区代码。", "The first two digits name no region.", field=field
        )
    born = _date(number[6:14])
    if born is None or not _BORN_FIRST <= born <= today:
        raise PersonNumberInvalid(
            "第 7 至 14 位不是有效的出生日期。", "Places 7 to 14 are not a date of birth.", field=field
        )
    if number[17] != person_check_character(number):
        raise PersonNumberInvalid("最后一位校验码不符。", "The check character does not fit.", field=field)


def person_check_character(number: str) -> str:
    """The 18th character for the first 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _PERSON_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def _date(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def check_region(code: str) -> None:
    """Refuse a region whose province GB/T 2260 does not know."""
    if code[:2] not in _PROVINCES:
        raise RegionUnknown(field="/body/region_code")

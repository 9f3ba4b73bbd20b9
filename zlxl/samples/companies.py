"""Companies that do not exist: invented names at real places, with codes that are right in form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from zlxl.samples.dice import Dice
from zlxl.samples.words import records
from zlxl.tables.codes import USCC_ALPHABET, uscc_check_digit

_FIRST: Final = "澜砺沐珩岑昱朔翊霁峤"
_SECOND: Final = "衡岳昀骋桓屿晟楷淳瀚绎靖"
_SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN: Final = (
    *"伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚",
    *("秀英", "桂兰", "志强", "建华", "海燕", "文博", "雨桐", "晓东", "立新", "国栋", "春梅", "俊峰"),
)
_ROADS: Final = (
    *("建设路", "工业路", "创业大道", "科技路", "人民路", "振兴街", "迎宾大道", "园区一路"),
    *("开发大道", "和平路", "长江路", "经纬路", "兴业街", "东环路", "新华路", "光明路"),
)
_BUILDINGS: Final = {"": 6, "办公楼": 1, "1号厂房": 1, "综合楼三层": 1, "科技园B座": 1}
_FORMS: Final = {"有限公司": 84, "股份有限公司": 6, "有限责任公司": 6, "集团有限公司": 4}
_SIZES: Final = {(6, 50): 50, (51, 300): 36, (301, 1000): 11, (1001, 3600): 3}  #: persons -> weight
_MOBILE: Final = ("138", "139", "136", "135", "150", "158", "186", "185", "189", "133", "177", "199")
_OFFICES: Final = {
    "总部": 3,
    "石家庄办事处": 3,
    "华东办事处": 3,
    "华南办事处": 2,
    "西南办事处": 1,
    "西北办事处": 1,
}
HANDLERS: Final = ("张敏", "王晓宁", "李倩", "赵文静", "刘洋")
BORDER_SHARE: Final = 40  #: one company in so many sits where the postcode is a neighbour province's
TOUR_SHARE: Final = 12  #: one company in so many makes a tour of the provinces


@dataclass(frozen=True, kw_only=True)
class Place:
    """A district with its division code, postcode and telephone area."""

    province: str
    city: str  #: empty in the four municipalities
    district: str
    division: str
    postcode: str
    area_code: str
    digits: int  #: of a telephone number without area code
    short: str  #: the city as a company name begins
    weight: float
    border: bool  #: whether the postcode is a neighbour province's (domain.md 1.6)


@dataclass(frozen=True, kw_only=True)
class Industry:
    """A line of business."""

    word: str
    scope: str
    code: str
    extra: str  #: a management system that is usual in it beside the three common ones


@dataclass(frozen=True, kw_only=True)
class Company:
    """A client or applicant."""

    number: int
    name: str
    place: Place
    industry: Industry
    address: str
    uscc: str
    contact: str
    phone: str
    email: str
    persons: int
    office: str
    handler: str
    quality: float  #: how well its management system works, 0 to 1
    mood: float  #: how content it is with the body, 0 to 1


@cache
def places() -> tuple[Place, ...]:
    """Every district samples know."""
    return tuple(
        Place(
            province=row["省份"],
            city=row["城市"],
            district=row["区县"],
            division=row["行政区划"],
            postcode=row["邮编"],
            area_code=row["区号"],
            digits=int(row["号码位数"]),
            short=row["简称"],
            weight=float(row["权重"]),
            border=row["边界"] == "是",
        )
        for row in records("places.csv")
    )


@cache
def industries() -> tuple[Industry, ...]:
    """Every line of business samples know."""
    return tuple(
        Industry(word=row["名称"], scope=row["范围"], code=row["专业代码"], extra=row["另有体系"])
        for row in records("industries.csv")
    )


def companies(seed: int, count: int) -> Iterator[Company]:
    """So many companies, no two with the same name, code or telephone."""
    dice = Dice(seed, "companies")
    taken: set[str] = set()
    for number in range(1, count + 1):
        yield _company(dice, number, _place(dice, number), dice.pick(industries()), taken)


def _place(dice: Dice, number: int) -> Place:
    """Mostly where business is; some at the border, and some so that no province is left out."""
    border = [place for place in places() if place.border]
    if number % BORDER_SHARE == 7:
        return border[number // BORDER_SHARE % len(border)]
    usual = [place for place in places() if not place.border]
    if number % TOUR_SHARE == 3:
        provinces = list(dict.fromkeys(place.province for place in usual))
        wanted = provinces[number // TOUR_SHARE % len(provinces)]
        return dice.pick([place for place in usual if place.province == wanted])
    return dice.weighted({place: place.weight for place in usual})


def _company(dice: Dice, number: int, place: Place, industry: Industry, taken: set[str]) -> Company:
    low, high = dice.weighted(_SIZES)
    return Company(
        number=number,
        name=_name(dice, place, industry, taken),
        place=place,
        industry=industry,
        address=_address(dice, place),
        uscc=_uscc(dice, place, taken),
        contact=person(dice),
        phone=_phone(dice, place, taken),
        email=f"client{number:04d}@example.com",
        persons=dice.between(low, high),
        office=dice.weighted(_OFFICES),
        handler=dice.pick(HANDLERS),
        quality=dice.near(0.8, 0.12, 0.3, 1),
        mood=dice.near(0.86, 0.1, 0.2, 1),
    )


def person(dice: Dice) -> str:
    """A person's name."""
    return f"{dice.pick(_SURNAMES)}{dice.pick(_GIVEN)}"


def _name(dice: Dice, place: Place, industry: Industry, taken: set[str]) -> str:
    """A name; two companies never differ in brackets or legal form alone."""
    while True:
        brand = dice.pick(_FIRST) + dice.pick(_SECOND)
        middle = f"（{place.short}）" if dice.chance(0.08) else ""
        begin = "" if middle else place.short
        core = f"{begin}{brand}{place.short if middle else ''}{industry.word}"
        if core not in taken:
            taken.add(core)
            return f"{begin}{brand}{middle}{industry.word}{dice.weighted(_FORMS)}"


def _address(dice: Dice, place: Place) -> str:
    street = f"{dice.pick(_ROADS)}{dice.between(1, 398)}号{dice.weighted(_BUILDINGS)}"
    return f"{place.province}{place.city}{place.district}{street}"


def _uscc(dice: Dice, place: Place, taken: set[str]) -> str:
    """A code of an enterprise registered in the district, with a right check character."""
    while True:
        body = "".join(dice.pick(USCC_ALPHABET) for _ in range(6))
        plain = f"91{place.division}MA{dice.between(0, 9)}{body}"
        code = f"{plain}{uscc_check_digit(plain)}"
        if code not in taken:
            taken.add(code)
            return code


def _phone(dice: Dice, place: Place, taken: set[str]) -> str:
    """A mobile or land line of the place; the numbers lie in ranges that examples use."""
    while True:
        if dice.chance(0.6):
            phone = f"{dice.pick(_MOBILE)}000{dice.between(0, 99999):05d}"
        else:
            start = dice.pick("68") + "555" if place.digits == 8 else dice.pick("2345678") + "55"
            phone = f"{place.area_code}-{start}{dice.between(0, 9999):04d}"
            phone += f"-{dice.between(801, 899)}" if dice.chance(0.08) else ""
        if phone not in taken:
            taken.add(phone)
            return phone

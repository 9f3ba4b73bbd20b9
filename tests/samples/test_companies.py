"""Companies that samples invent."""

import re
from collections import Counter

import pytest

from zlxl.samples.companies import Company, companies, industries, places
from zlxl.samples.database import TODAY
from zlxl.schema.context import Context
from zlxl.tables.codes import read_industry, read_uscc
from zlxl.tables.contact import read_phone
from zlxl.tables.policy import shipped_context


@pytest.fixture(scope="module")
def made() -> list[Company]:
    return list(companies(16, 400))


@pytest.fixture(scope="module")
def context() -> Context:
    return shipped_context(TODAY)


def test_no_two_companies_share_name_code_or_telephone(made):
    for field in ("name", "uscc", "phone", "email"):
        assert max(Counter(getattr(company, field) for company in made).values()) == 1


def test_companies_stay_the_same_when_more_are_made(made):
    assert list(companies(16, 20)) == made[:20]
    assert list(companies(17, 20)) != made[:20]


def test_places_cover_every_mainland_province_with_its_own_codes(context):
    by_province = {place.province for place in places()}
    assert len(by_province) == 31
    for place in places():
        province = context.lists["省份"].by_value[place.province]
        prefixes = tuple(province.attributes["邮编前缀"].split(","))
        assert place.postcode.startswith(prefixes)
        assert place.division.startswith(province.code)
        assert len(place.area_code.lstrip("0")) + place.digits >= 9


def test_border_places_bear_a_neighbours_postcode():
    found = {place.district: place.postcode for place in places() if place.border}
    assert found == {
        "故城县": "253800",
        "乌兰浩特市": "137400",
        "扎兰屯市": "162650",
        "阿拉善左旗": "750306",
        "额济纳旗": "735400",
        "嵊泗县": "202450",
    }


def test_some_companies_sit_at_the_border(made):
    assert sum(company.place.border for company in made) == 10


def test_codes_and_numbers_are_read_without_a_word(made, context):
    for company in made:
        assert read_uscc(company.uscc, context) == company.uscc
        assert read_phone(company.phone, context) == company.phone
        assert company.uscc[2:8] == company.place.division


def test_land_lines_have_the_areas_code_and_length(made):
    lines = [company for company in made if "-" in company.phone]
    assert len(lines) > 100
    for company in lines:
        area, number = company.phone.split("-")[:2]
        assert (area, len(number)) == (company.place.area_code, company.place.digits)


def test_addresses_begin_with_the_province(made):
    for company in made:
        assert company.address.startswith(company.place.province + company.place.city)
        assert re.search(r"\d+号", company.address)


def test_industry_codes_are_of_the_39_classes(context):
    assert len(industries()) > 70
    for industry in industries():
        assert read_industry(industry.code, context) == industry.code

"""Generated sheets in a workbook: what is added, what stays in its place, what goes, and what is refused."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openxml_audit import FileFormat, OpenXmlValidator
from python_calamine import CalamineWorkbook

from tests.excel import books
from tests.excel.books import MAIN, OFFICE, STRICT_MAIN, STRICT_OFFICE, worksheet
from tests.excel.patch.grafts import CHARTED, NAMES, charted, put, remove, report
from tests.excel.patch.test_corpus import IN_CELL_TEXT
from zlxl.errors import Unwritable, UsageError
from zlxl.excel.patch.graft import MARK
from zlxl.excel.patch.graft_names import refers, renamer
from zlxl.excel.source import open_source
from zlxl.sheet import Cell, Formula, Name, Sheet, Style
from zlxl.sheets.look import LOOKS

A1 = '<row r="1"><c r="A1"><v>1</v></c></row>'
MAIN_PART = "xl/workbook.xml"
TABLE_KIND = f"{OFFICE}/table"
pytestmark = pytest.mark.filterwarnings(
    "ignore:.*extension is not supported",  # what openpyxl loses it warns of
    "ignore:Workbook contains no default style",
)


def formula(text: str) -> str:
    return f'<row r="1"><c r="B3"><f>{text}</f><v>1</v></c></row>'.replace('r="1"', 'r="3"', 1)


@pytest.fixture
def made(tmp_path):
    """Writes a workbook of sheets given as markup of their rows, with parts of the test's own."""

    def make(sheets: dict[str, str], *, edit=lambda parts: None, **options: object) -> Path:
        parts = books.parts({name: worksheet(rows) for name, rows in sheets.items()}, **options)
        edit(parts)
        return books.write(tmp_path / "本.xlsx", parts)

    return make


def part(path: Path, name: str = MAIN_PART) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tabs(path: Path) -> list[str]:
    return re.findall(r'<(?:\w+:)?sheet [^>]*?name="([^"]*)"', part(path))


def simple(name: str = "待办提醒", value: object = 7, **options: object) -> Sheet:
    return Sheet(name=name, cells={(1, 1): Cell(content=value, style=Style.STRONG)}, **options)


def spoil(name: str, old: str, new: str):
    """An edit of a part of the workbook under test."""

    def edit(parts: dict) -> None:
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new)

    return edit


def views(text: str):
    return spoil(MAIN_PART, "<sheets>", f"<bookViews>{text}</bookViews><sheets>")


def names(text: str):
    return spoil(MAIN_PART, "</sheets>", f"</sheets><definedNames>{text}</definedNames>")


# ---- what is added


def test_a_sheet_arrives_with_all_its_parts(made):
    path = made({"表": A1})
    assert put(path, charted(), names=NAMES) == ()

    book = openpyxl.load_workbook(path)
    sheet = book[CHARTED]
    assert book.sheetnames == ["表", CHARTED]
    assert sheet["A1"].value == '标题 <&> " s="7" dxfId="0" t="s"'
    assert (sheet["A1"].font.b, sheet["A1"].font.sz) == (True, 20)
    assert (sheet["A2"].value, sheet["A2"].number_format) == ("=SUM(B5:B9)", "0.00")
    assert sheet["B2"].hyperlink.target == "https://example.com/?a=1&b=2"
    assert sheet["A5"].comment.text == "说明"
    assert len(sheet._charts) == 2
    assert sheet.print_title_rows == "$1:$4"
    assert sheet.print_area == f"'{CHARTED}'!$A$1:$L$40"
    assert book.defined_names["满意度各项"].attr_text == f"'{CHARTED}'!$A$5:$A$9"
    assert CalamineWorkbook.from_path(path).get_sheet_by_name(CHARTED).to_python()[4] == ["项目1", 1.0]


def test_parts_without_a_type_get_none(made):
    """Parts of ours state their own; a default for all XML would also say what the user's parts are."""
    usual = '<Default Extension="xml" ContentType="application/xml"/>'

    def edit(parts: dict[str, str]) -> None:
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(usual, "")

    path = made({"甲": A1}, edit=edit)
    put(path, charted())
    types = part(path, "[Content_Types].xml")
    assert 'Extension="xml"' not in types
    added = {name for name in parts_of(path) if re.search(r"sheet2|chart\d|drawing\d|comments", name)}
    stated = set(re.findall('PartName="/([^"]*)"', types))
    assert {name for name in added if name.endswith(".xml")} <= stated


def test_conditional_formats_keep_their_colours(made):
    """Formats laid over cells are numbered in the user's workbook: one is there already."""
    dxf = '<dxf><font><color rgb="FF00FF00"/></font></dxf>'
    styles = books.STYLES.replace("</styleSheet>", f'<dxfs count="1">{dxf}</dxfs></styleSheet>')
    path = made({"表": A1}, styles=styles)
    put(path, charted())

    rules = [
        rule for found in openpyxl.load_workbook(path)[CHARTED].conditional_formatting for rule in found.rules
    ]
    colours = [rule.dxf.font.color.rgb for rule in rules if rule.type == "expression"]
    assert colours == ["FF8E1B1B"]
    assert 'dxfId="1"' in part(path, "xl/worksheets/sheet2.xml")


def test_the_mark_is_hidden_and_the_user_stays_where_he_was(made):
    path = made({"甲": A1, "乙": A1}, edit=views('<workbookView activeTab="1"/>'))
    put(path, simple())

    assert f'<definedName name="{MARK}" localSheetId="2" hidden="1">TRUE</definedName>' in part(path)
    assert '<workbookView activeTab="1"/>' in part(path)
    assert "tabSelected" not in part(path, "xl/worksheets/sheet3.xml")


def test_formats_are_added_once(made):
    """What is put again needs no format of its own, and the user's keep their numbers."""
    path = made({"表": A1})
    put(path, charted())
    once = part(path, "xl/styles.xml")
    put(path, charted(factor=3))

    assert part(path, "xl/styles.xml") == once
    assert '<cellXfs count="' not in once  # as the user's part had none
    assert once.index('<xf numFmtId="999"/>') < once.index("fontId=")


def test_the_first_fills_of_a_workbook_are_never_ours(made):
    """Excel draws the first two fills as none and as dots, whatever they say."""
    path = made({"表": A1})
    put(path, Sheet(name="色", cells={(1, 1): Cell(content="头", style=Style.HEADER)}))

    fill = openpyxl.load_workbook(path)["色"]["A1"].fill
    assert fill.fgColor.rgb == f"FF{LOOKS[Style.HEADER].fill}"
    fills = part(path, "xl/styles.xml").split("<fills", 1)[1]
    assert fills.index('"none"') < fills.index('"gray125"') < fills.index('"solid"')


def test_dates_in_a_workbook_that_counts_from_1904(made):
    path = made({"表": A1}, properties='<workbookPr date1904="1"/>')
    day = dt.date(2026, 11, 24)
    put(
        path,
        Sheet(
            name="日",
            cells={
                (1, 1): Cell(content=day, style=Style.DATE),
                (2, 1): Cell(content=Formula(text="=A1", value=day), style=Style.DATE),
            },
        ),
    )

    found = CalamineWorkbook.from_path(path).get_sheet_by_name("日").to_python()
    assert found == [[day], [day]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_spelled_with_prefixes(made, encoding):
    def prefix(parts: dict) -> None:
        for name in (MAIN_PART, "xl/styles.xml"):
            text = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", parts[name]).replace("xmlns=", "xmlns:x=")
            text = text.replace("xmlns:r=", "xmlns:q=").replace("r:id=", "q:id=")
            parts[name] = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)

    path = made({"表": A1}, edit=prefix)
    put(path, charted(), names=NAMES)
    put(path, charted(factor=2), names=NAMES)

    assert openpyxl.load_workbook(path)[CHARTED]["B6"].value == 4
    assert [grid.sheet for grid in open_source(path).grids()] == ["表", CHARTED]
    remove(path, CHARTED)
    assert "definedName" not in parts_of(path)[MAIN_PART].decode(encoding)


def test_relationships_are_named_where_only_the_sheets_name_them(made):
    """Some programs declare the prefix of relationships in each element that needs it."""

    def local(parts: dict) -> None:
        text = parts[MAIN_PART].replace(f' xmlns:r="{OFFICE}"', "")
        parts[MAIN_PART] = text.replace("r:id=", f'xmlns:k="{OFFICE}" k:id=')

    path = made({"表": A1}, edit=local)
    put(path, simple())
    put(path, simple(value=8))

    assert openpyxl.load_workbook(path)["待办提醒"]["A1"].value == 8


# ---- names


def test_a_name_of_the_users_stays(made):
    path = made({"表": A1}, edit=names('<definedName name="满意度各项">表!$Z$1</definedName>'))

    (remark,) = put(path, charted(), names=NAMES)

    assert "满意度各项" in remark
    assert "表!$Z$1" in remark
    assert part(path).count("满意度各项") == 1


def test_a_name_of_ours_follows_its_sheet(made):
    path = made({"表": A1})
    put(path, charted(), names=NAMES)
    put(path, charted(), names=(Name(name="满意度各项", formula=f"='{CHARTED}'!$A$5:$A$7"),))

    assert "$A$5:$A$7" in part(path)
    assert "$A$5:$A$9" not in part(path)


def with_table(parts: dict, name: str = "问题清单", number: int = 7) -> None:
    """Give the first sheet a table of the user's."""
    parts["xl/tables/table1.xml"] = (
        f'<table xmlns="{MAIN}" id="{number}" name="{name}" displayName="{name}" ref="A1:A2">'
        '<tableColumns count="1"><tableColumn id="1" name="1"/></tableColumns></table>'
    )
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<Relationships xmlns="{books.PACKAGE}/relationships"><Relationship Id="t" Type="{TABLE_KIND}" '
        'Target="/xl/tables/table1.xml"/></Relationships>'
    )
    old = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = old.replace(
        "</worksheet>", '<tableParts><tablePart r:id="t"/></tableParts></worksheet>'
    )


def test_a_table_whose_name_is_taken_is_called_otherwise_everywhere(made):
    path = made({"表": A1}, edit=with_table)

    (remark,) = put(path, *report())

    assert "问题清单_2" in remark
    tables = [text.decode() for name, text in parts_of(path).items() if name.startswith("xl/tables/")]
    called = [re.search(r' displayName="([^"]*)"', text)[1] for text in tables]
    numbers = [re.search(r' id="(\d+)"', text)[1] for text in tables]
    assert called[:2] == ["问题清单", "问题清单_2"]
    assert len(set(called)) == len(set(numbers)) == len(tables) == 7
    summary = part(path, "xl/worksheets/sheet2.xml")
    assert 'COUNTIFS(问题清单_2[级别],"错误"' in summary
    assert "问题清单[" not in summary
    assert "<t>问题清单_2" not in part(path, "xl/worksheets/sheet3.xml")


def test_columns_of_a_renamed_table_follow(made):
    path = made({"表": A1}, edit=lambda parts: with_table(parts, "评分"))
    put(path, charted(table="评分"))

    assert "<calculatedColumnFormula>SUM(评分_2[得分])<" in part(path, "xl/tables/table2.xml")
    assert "<f>ROWS(评分_2[项目])</f>" in part(path, "xl/worksheets/sheet2.xml")


# ---- what stays in its place


def test_a_sheet_is_replaced_in_its_place(made):
    """Place, name as the user spells it, number and state stay; so does what the user named on it."""
    path = made({"甲": A1})
    put(path, simple("Bericht"), simple("末"))
    text = part(path).replace('name="Bericht" sheetId="2"', 'name="BERICHT" sheetId="2" state="hidden"')
    text = text.replace(
        "</definedNames>", '<definedName name="我的" localSheetId="1">1</definedName></definedNames>'
    )
    books.write(path, parts_of(path) | {MAIN_PART: text})

    put(path, simple("bericht", value=9))

    assert tabs(path) == ["甲", "BERICHT", "末"]
    assert 'name="BERICHT" sheetId="2" state="hidden"' in part(path)
    assert 'name="我的" localSheetId="1"' in part(path)
    assert part(path).count(f'{MARK}" localSheetId="1"') == 1
    assert CalamineWorkbook.from_path(path).get_sheet_by_name("BERICHT").to_python() == [[9.0]]


def test_the_sheet_that_is_shown_is_still_selected_when_replaced(made):
    path = made({"甲": A1}, edit=views('<workbookView activeTab="0"/>'))
    put(path, simple())
    text = part(path).replace('activeTab="0"', 'activeTab="1"')
    books.write(path, parts_of(path) | {MAIN_PART: text})
    put(path, simple())

    assert 'tabSelected="1"' in part(path, "xl/worksheets/sheet2.xml")


@pytest.mark.parametrize("sheet", [simple(), simple(tab="FF0000"), charted("待办提醒")])
def test_macros_know_a_replaced_sheet_by_its_old_name(made, sheet):
    path = made({"甲": A1})
    put(path, simple())
    name = "xl/worksheets/sheet2.xml"
    text = re.sub("<sheetPr>", '<sheetPr codeName="Tabelle2">', part(path, name))
    books.write(path, parts_of(path) | {name: text})
    put(path, sheet)

    assert part(path, name).count('<sheetPr codeName="Tabelle2">') == 1


def test_what_a_replaced_sheet_had_is_gone(made):
    path = made({"表": A1})
    put(path, charted())
    put(path, simple(CHARTED))

    kinds = {name.split("/")[1] for name in parts_of(path) if name.startswith("xl/")}
    assert kinds == {"workbook.xml", "_rels", "worksheets", "styles.xml"}
    assert "chart" not in part(path, "[Content_Types].xml")


def test_formulas_elsewhere_may_use_a_sheet_that_is_replaced(made):
    path = made({"表": A1, "汇": formula("待办提醒!A1")})
    put(path, simple())
    put(path, simple(value=8))

    assert "<f>待办提醒!A1</f>" in part(path, "xl/worksheets/sheet2.xml")


# ---- what goes


def test_deleting_leaves_the_workbook_as_it_was(made):
    path = made({"甲": A1, "乙": A1}, edit=names('<definedName name="我的" localSheetId="1">1</definedName>'))
    before = parts_of(path)
    put(path, charted(), *report(), names=NAMES)
    remove(path, CHARTED, *[sheet.name for sheet in report()])

    after = parts_of(path)
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {MAIN_PART, "[Content_Types].xml", "xl/styles.xml"}
    assert after[MAIN_PART].decode().replace('<calcPr fullCalcOnLoad="1"/>', "") == before[MAIN_PART].decode()


@pytest.mark.parametrize(
    ("view", "after"),
    [
        ('<workbookView activeTab="3" firstSheet="2"/>', '<workbookView activeTab="2" firstSheet="1"/>'),
        ('<workbookView activeTab="1" firstSheet="1"/>', '<workbookView activeTab="2" firstSheet="2"/>'),
        ('<workbookView activeTab="0"/>', '<workbookView activeTab="0"/>'),
        ("<workbookView/>", "<workbookView/>"),
    ],
)
def test_tabs_that_move_up_are_still_meant(made, view, after):
    """The second of four goes; the third is hidden and cannot be the one that is shown."""
    mark = f'<definedName name="{MARK}" localSheetId="1" hidden="1">TRUE</definedName>'
    own = "".join(f'<definedName name="n" localSheetId="{sheet}">1</definedName>' for sheet in (3, 0))

    def edit(parts: dict) -> None:
        names(mark + own)(parts)
        views(view)(parts)

    path = made({"甲": A1, "我": A1, "隐": A1, "丁": A1}, edit=edit, states={"隐": "hidden"})
    remove(path, "我")

    assert tabs(path) == ["甲", "隐", "丁"]
    assert after in part(path)
    assert re.findall(r'localSheetId="(\d)"', part(path)) == ["2", "0"]


def test_parts_that_others_use_stay_and_circles_end(made):
    """Hostile relations: a sheet's drawing leads back to the sheet and to the user's other sheet."""

    def rels(*targets: str) -> str:
        relations = (
            f'<Relationship Id="r{n}" Type="{OFFICE}/x" Target="{t}"/>' for n, t in enumerate(targets)
        )
        return f'<Relationships xmlns="{books.PACKAGE}/relationships">{"".join(relations)}</Relationships>'

    path = made({"甲": A1})
    put(path, simple())
    extra = {
        "xl/worksheets/_rels/sheet2.xml.rels": rels("../d.xml", "../shared.xml", "sheet2.xml"),
        "xl/d.xml": "<d/>",
        "xl/_rels/d.xml.rels": rels("e.xml", "worksheets/sheet1.xml", "worksheets/sheet2.xml", "none.xml"),
        "xl/e.xml": "<e/>",
        "xl/_rels/e.xml.rels": rels("d.xml", "#甲!A1", "workbook.xml"),
        "xl/shared.xml": "<s/>",
        "xl/worksheets/_rels/sheet1.xml.rels": rels("../shared.xml"),
    }
    books.write(path, parts_of(path) | extra)
    remove(path, "待办提醒")

    left = set(parts_of(path))
    assert not left & {"xl/d.xml", "xl/e.xml", "xl/worksheets/sheet2.xml", "xl/_rels/d.xml.rels"}
    assert {"xl/shared.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels"} <= left


def test_the_chain_of_calculation_goes_with_the_cells_it_names(made):
    def chain(parts: dict) -> None:
        parts["xl/calcChain.xml"] = f'<calcChain xmlns="{MAIN}"><c r="B3" i="1"/></calcChain>'
        spoil(
            "xl/_rels/workbook.xml.rels",
            "</Relationships>",
            f'<Relationship Id="c" Type="{OFFICE}/calcChain" Target="calcChain.xml"/></Relationships>',
        )(parts)

    path = made({"甲": formula("1+1")}, edit=chain)
    put(path, simple())

    assert "xl/calcChain.xml" not in parts_of(path)
    assert "calcChain" not in part(path, "xl/_rels/workbook.xml.rels")


def test_deleting_what_is_not_there_changes_nothing(made):
    path = made({"甲": A1})
    remove(path, "待办提醒")

    assert tabs(path) == ["甲"]


# ---- what is refused


def refused(act, *texts: str, error: type[Exception] = Unwritable) -> None:
    with pytest.raises(error) as raised:
        act()
    for text in texts:
        assert text in str(raised.value)


def test_a_sheet_of_the_users_is_never_touched(made):
    path = made({"待办提醒": A1, "乙": A1})
    before = path.read_bytes()

    refused(lambda: put(path, simple()), "您自己的工作表「待办提醒」", "改名")
    refused(lambda: remove(path, "待办提醒"), "您自己的工作表「待办提醒」")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        (formula("SUM('待办提醒'!A1:A2)"), "「汇」!B3"),
        (formula("1+待办提醒!$A$1"), "「汇」!B3"),
        (formula("SUM(甲:待办提醒!A1)"), "「汇」!B3"),
        (formula("SUM(&#24453;办提醒!A1)"), "「汇」!B3"),
    ],
)
def test_a_sheet_that_formulas_use_is_not_deleted(made, rows, place):
    path = made({"甲": A1, "汇": rows})
    put(path, simple())

    refused(lambda: remove(path, "待办提醒"), place, "待办提醒")


@pytest.mark.parametrize(
    "text", ['"待办提醒!A1"', "[1]待办提醒!A1", "'[2]待办提醒'!A1", "我的待办提醒!A1", "LEN(待办提醒)"]
)
def test_a_formula_that_only_looks_like_it_does_not_hold_a_sheet(made, text):
    path = made({"甲": A1, "汇": formula(text)})
    put(path, simple())
    remove(path, "待办提醒")

    assert tabs(path) == ["甲", "汇"]


def test_a_table_holds_its_sheet(made):
    path = made({"甲": A1, "汇": formula("SUM(评分[得分])")})
    put(path, charted(table="评分"))

    refused(lambda: remove(path, CHARTED), "「汇」!B3", CHARTED)


def test_a_name_of_the_users_holds_a_sheet_and_one_of_ours_goes_with_it(made):
    path = made({"甲": A1}, edit=names(f"<definedName name='我的'>'{CHARTED}'!$A$1</definedName>"))
    put(path, charted(), names=NAMES)

    refused(lambda: remove(path, CHARTED), "：名称“我的”引用了它")


def test_a_conditional_format_holds_a_sheet(made):
    rule = "<cfRule type='expression'><formula>待办提醒!A1&gt;1</formula></cfRule>"
    behind = f"</sheetData><conditionalFormatting sqref='A1'>{rule}</conditionalFormatting>"
    path = made({"甲": A1}, edit=spoil("xl/worksheets/sheet1.xml", "</sheetData>", behind))
    put(path, simple())

    refused(lambda: remove(path, "待办提醒"), "「甲」的条件格式")


def test_a_chart_holds_a_sheet(made):
    path = made({"甲": A1})
    put(path, Sheet(name="图", charts=charted().charts), charted())

    refused(lambda: remove(path, CHARTED), "「图」的图表")
    remove(path, CHARTED, "图")
    assert tabs(path) == ["甲"]


def test_a_table_that_formulas_use_is_not_replaced_away(made):
    path = made({"甲": A1, "汇": formula("SUM(评分[得分])")})
    put(path, charted(table="评分"))
    put(path, charted(table="评分", factor=2))

    refused(lambda: put(path, charted()), "「汇」!B3", CHARTED)


def test_a_pivot_table_on_our_sheet_is_not_lost(made):
    path = made({"甲": A1})
    put(path, simple())
    rels = (
        f'<Relationships xmlns="{books.PACKAGE}/relationships"><Relationship Id="p" '
        f'Type="{OFFICE}/pivotTable" Target="../p.xml"/></Relationships>'
    )
    books.write(path, parts_of(path) | {"xl/worksheets/_rels/sheet2.xml.rels": rels, "xl/p.xml": "<p/>"})

    refused(lambda: put(path, simple()), "数据透视表", "待办提醒")
    refused(lambda: remove(path, "待办提醒"), "数据透视表")


def test_a_protected_structure_admits_new_content_but_no_new_tab(made):
    path = made({"甲": A1})
    put(path, simple())
    lock = '<workbookProtection lockStructure="1"/>'
    books.write(path, parts_of(path) | {MAIN_PART: part(path).replace("<sheets>", f"{lock}<sheets>")})

    put(path, simple(value=8))
    refused(lambda: put(path, simple("新")), "保护工作簿")
    refused(lambda: remove(path, "待办提醒"), "保护工作簿")


def test_the_last_visible_sheet_stays(made):
    path = made({"甲": A1}, states={"甲": "hidden"})
    put(path, simple())

    refused(lambda: remove(path, "待办提醒"), "没有可见的工作表")


def test_strict_and_shared_workbooks_are_refused(made):
    strict = made({"甲": A1}, main=STRICT_MAIN, office=STRICT_OFFICE)
    refused(lambda: put(strict, simple()), "Strict", "另存为")

    def share(parts: dict) -> None:
        parts["xl/revisions/h.xml"] = "<headers/>"
        kind = f"{OFFICE}/revisionHeaders"
        relation = f'<Relationship Id="s" Type="{kind}" Target="revisions/h.xml"/></Relationships>'
        spoil("xl/_rels/workbook.xml.rels", "</Relationships>", relation)(parts)

    refused(lambda: put(made({"甲": A1}, edit=share), simple()), "共享工作簿")


@pytest.mark.parametrize("name", ["", "a" * 32, "𠮷" * 16, "a/b", "a:b", "'a", "a'", "[a]", "History", "a\n"])
def test_a_name_that_excel_does_not_allow(made, name):
    refused(lambda: put(made({"甲": A1}), simple(name)), "31 个字符", error=UsageError)


def test_a_sheet_given_twice(made):
    path = made({"甲": A1})
    refused(lambda: put(path, simple("a"), simple("A")), "出现了两次", error=UsageError)


# ---- formulas


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SUM(T[列])+T", "SUM(U[列])+U"),
        ("t[[#Totals],[T]]", "U[[#Totals],[T]]"),
        ('"T"&T[@列]', '"T"&U[@列]'),
        ("T!A1+'T'!B2+T(1)+XT+T.X+T_1", "T!A1+'T'!B2+T(1)+XT+T.X+T_1"),
        ("T[a'[b]+T[a'']", "U[a'[b]+U[a'']"),
    ],
)
def test_tables_are_renamed_only_where_they_are_meant(text, expected):
    assert renamer({"t": "U"})(text) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a!A1", "a"),
        ("'A'!A1", "a"),
        ("'it''s'!A1", "it's"),
        ("SUM('x:A'!A1)", "a"),
        ("'[b]a'!A1", None),
        ("'c:\\[b.xlsx]a'!A1", None),
        ('"a!"&b!A1', None),
        ("T[a!]", "t"),
        ("A1:a!B2", "a"),
        ("a:x!B2", "a"),
        ("a:B2+t(1)+a", None),
    ],
)
def test_what_a_formula_refers_to(text, found):
    assert refers(text, {"a", "it's"}, {"t"}) == found


@pytest.mark.parametrize("piece", ["'", '"', "a", "[", "'a", "a(", "[a", "a:", "['", "a:b"])
def test_no_formula_takes_long(piece):
    """Very long formulas of anything; they would take hours if read again from every character."""
    assert refers(piece * 50_000, {"x"}, {"y"}) is None


def test_audit_finds_nothing_new(made, tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "文字"
    path = tmp_path / "o.xlsx"
    book.save(path)
    before = audited(path)
    put(path, *report(), charted(table="评分"), names=NAMES)
    put(path, *report(9), charted(table="评分", factor=9), names=NAMES)

    assert audited(path) == before


def audited(path: Path) -> set[str]:
    validator = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365, max_errors=0)
    return {error.description for error in validator.validate(path).errors if error.id != IN_CELL_TEXT}

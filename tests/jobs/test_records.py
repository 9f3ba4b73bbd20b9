"""Records of the known tables, how their values compare, and which record is which in another copy."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.messy.book import Error, Formula, Sheet, Typed, save
from tests.messy.ledgers import CORE, FIRST, SECOND, THIRD, faulty, lines
from zlxl.errors import Unreadable
from zlxl.excel.source import open_source
from zlxl.jobs.pairing import pair
from zlxl.jobs.records import AGAIN, Record, RecordTable, plain_identity, read_records, same
from zlxl.schema.comparing import alike, kind, plain, told
from zlxl.schema.values import PENDING, ErrorValue, Raw, StoredNumber

OWN = (*CORE, "客户经理", "评级")


def only_table(folder: Path, *sheets: Sheet, **options: bool) -> RecordTable:
    """The one table of a workbook of these sheets."""
    tables = read_records(open_source(save(folder / "a.xlsx", *sheets, **options)))  # type: ignore[arg-type]
    assert len(tables) == 1
    return tables[0]


def ledger(*rows: dict[str, object], headers: tuple[str, ...] = OWN) -> Sheet:
    return Sheet("客户台账").rows(1, 1, [headers, *lines(*rows, headers=headers)])


class TestReading:
    """What is a record and what is in it."""

    def test_columns_of_the_users_own_stand_beside_the_declared_ones(self, tmp_path: Path) -> None:
        headers = ("客户经理", *CORE[:3], "评级", *CORE[3:], "评级")
        table = only_table(tmp_path, ledger(faulty(FIRST, 客户经理="张三", 评级=3), headers=headers))
        assert list(table.columns) == ["客户经理", *CORE[:3], "评级", *CORE[3:], "评级 (2)"]
        assert table.columns["评级 (2)"] == len(headers)
        (record,) = table.records
        assert (record.values["客户经理"], record.values["评级"], record.values["评级 (2)"]) == ("张三", 3, 3)

    def test_a_column_behind_a_gap_is_no_column_of_the_table(self, tmp_path: Path) -> None:
        sheet = ledger(dict(FIRST)).put(1, len(OWN) + 2, ["说明"]).put(2, len(OWN) + 2, ["请勿修改"])
        assert "说明" not in only_table(tmp_path, sheet).columns

    def test_a_column_typed_in_beside_the_excel_table_belongs_to_it(self, tmp_path: Path) -> None:
        sheet = ledger(faulty(FIRST, 评级="A"))
        sheet.tables.append(("客户台账", f"A1:{chr(64 + len(OWN) - 1)}2", 0))
        table = only_table(tmp_path, sheet)
        assert (table.list_object, table.records[0].values["评级"]) == ("客户台账", "A")

    def test_a_header_may_be_a_number(self, tmp_path: Path) -> None:
        headers = (*CORE, "2025年")
        sheet = Sheet("客户台账").rows(1, 1, [headers, lines(faulty(FIRST), headers=headers)[0]])
        sheet.put(1, len(headers), [2025]).put(2, len(headers), [7])
        assert only_table(tmp_path, sheet).records[0].values["2025"] == 7

    def test_an_excel_table_far_down(self, tmp_path: Path) -> None:
        sheet = Sheet("台账").rows(40, 2, [OWN, *lines(faulty(FIRST, 评级="A"), headers=OWN)])
        sheet.tables.append(("客户台账", f"B40:{chr(65 + len(OWN))}41", 0))
        table = only_table(tmp_path, sheet)
        assert (table.header_row, table.records[0].values["评级"]) == (40, "A")

    def test_a_neighbour_table_is_no_column(self, tmp_path: Path) -> None:
        sheet = ledger(dict(FIRST)).put(1, len(OWN) + 1, ["甲", "乙"]).put(2, len(OWN) + 1, [1, 2])
        last = len(OWN)
        sheet.tables += [("客户台账", f"A1:{chr(64 + last)}2", 0)]
        sheet.tables += [("别的", f"{chr(65 + last)}1:{chr(66 + last)}2", 0)]
        assert not {"甲", "乙"} & set(only_table(tmp_path, sheet).columns)

    def test_spellings_of_headers_have_one_label(self, tmp_path: Path) -> None:
        table = only_table(tmp_path, ledger(dict(FIRST)).put(1, 1, ["合同 编号＊"]))
        assert table.spelled["合同编号"] == "合同 编号＊"
        assert table.records[0].values["合同编号"] == FIRST["合同编号"]

    def test_blank_rows_totals_and_repeated_headers_are_no_records(self, tmp_path: Path) -> None:
        sheet = ledger(dict(FIRST)).put(4, 1, OWN).put(5, 1, lines(THIRD, headers=OWN)[0])
        sheet.put(6, 1, ["合计", None, None, None, None, 36000])
        table = only_table(tmp_path, sheet)
        assert [(record.row, record.key) for record in table.records] == [
            (2, FIRST["合同编号"]),
            (5, THIRD["合同编号"]),
        ]

    def test_cells_of_blanks_are_empty(self, tmp_path: Path) -> None:
        values = only_table(tmp_path, ledger(faulty(FIRST, 联系人="  ", 评级="\u3000"))).records[0].values
        assert not {"联系人", "评级"} & set(values)

    def test_types_and_formats_stay(self, tmp_path: Path) -> None:
        row = faulty(FIRST, 评级=Error("#N/A"), 客户经理=Formula("A1"), 初审费用=Typed(7, "0.00"))
        values = only_table(tmp_path, ledger(row)).records[0].values
        assert (values["评级"], values["客户经理"], values["邮编"]) == (ErrorValue("#N/A"), PENDING, "050000")
        fee, day = values["初审费用"], values["审核时间"]
        assert isinstance(fee, StoredNumber)
        assert isinstance(day, StoredNumber)
        assert (fee, fee.number_format, told(day)) == (7, "0.00", "2023-04-10")

    def test_a_merged_cell_gives_its_value_to_its_rows(self, tmp_path: Path) -> None:
        sheet = ledger(dict(FIRST), faulty(SECOND, 合同编号=None))
        sheet.merges.append("A2:A3")
        assert [record.key for record in only_table(tmp_path, sheet).records] == [FIRST["合同编号"]] * 2

    @pytest.mark.parametrize("options", [{"date1904": True}, {"strict": True, "iso_dates": True}])
    def test_dates_are_the_same_days_in_every_kind_of_workbook(
        self, tmp_path: Path, options: dict[str, bool]
    ) -> None:
        usual = only_table(tmp_path, ledger(dict(FIRST))).records[0].values
        other = only_table(tmp_path, ledger(dict(FIRST)), **options).records[0].values
        assert [label for label in usual if not same(usual[label], other[label])] == []

    def test_csv_has_texts_only(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text(",".join(CORE) + "\n" + ",".join(map(str, FIRST.values())), "utf-8")
        (table,) = read_records(open_source(path))
        assert (table.typed, table.records[0].values["初审费用"]) == (False, "18000")

    def test_no_table_is_refused_by_name(self, tmp_path: Path) -> None:
        source = open_source(save(tmp_path / "a.xlsx", Sheet("杂项").put(1, 1, ["甲"])))
        with pytest.raises(Unreadable, match="杂项"):
            read_records(source)


class TestIdentity:
    """Identities are unique; the suffix tells the order of those that are equal."""

    def test_all_key_fields_as_shown(self, tmp_path: Path) -> None:
        records = only_table(tmp_path, ledger(dict(FIRST), dict(SECOND))).records
        assert [r.identity for r in records] == [
            "ZL20230015-QE|01623Q00015R0M",
            "ZL20230015-QE|01623E00015R0M",
        ]

    def test_equal_ones_are_numbered(self, tmp_path: Path) -> None:
        records = only_table(tmp_path, ledger(dict(FIRST), dict(FIRST))).records
        assert records[1].identity == f"{records[0].identity}{AGAIN}2"
        assert plain_identity(records[1].identity) == records[0].identity

    def test_without_key_the_content_counts(self, tmp_path: Path) -> None:
        bare = faulty(FIRST, 合同编号=None, 证书编号=None)
        records = only_table(tmp_path, ledger(bare, faulty(bare, 联系人="赵"))).records
        assert [record.key for record in records] == ["", ""]
        assert "联系人=王丽" in records[0].identity
        assert records[0].identity != records[1].identity


DAY = StoredNumber(45371, "yyyy-mm-dd")
COMPARED: list[tuple[Raw | None, Raw | None, bool]] = [
    (1, 1.0, True),
    (-0.0, 0, True),
    (0.1 + 0.2, 0.3, True),
    (DAY, StoredNumber(45371, "General"), True),
    (DAY, datetime(2024, 3, 20), True),
    (DAY, date(2024, 3, 20), True),
    (DAY, "2024-03-20", False),
    (1, "1", False),
    (1, True, False),
    (None, "", False),
    ("a", "a ", False),
    (ErrorValue("#N/A"), "#N/A", False),
    (ErrorValue("#N/A"), ErrorValue("#N/A"), True),
    (PENDING, PENDING, True),
    (PENDING, 1, False),
]


@pytest.mark.parametrize(("a", "b", "expected"), COMPARED)
def test_same(a: Raw | None, b: Raw | None, expected: bool) -> None:
    assert same(a, b) is same(b, a) is expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("15,000.00", 15000, True),
        ("2024/3/20", DAY, True),
        ("2024年3月20日", DAY, True),
        ("050000", 50000, False),
        ("1,5", 15, False),
        (None, "", False),
    ],
)
def test_alike(a: Raw | None, b: Raw | None, expected: bool) -> None:
    assert alike(a, b) is alike(b, a) is expected


def test_values_in_words() -> None:
    assert (told("2024-03-20", DAY), told(DAY, "2024-03-20")) == ("2024-03-20（文本）", "2024-03-20")
    assert (told("王丽 ", "王丽"), told("王丽", None), told(None)) == ("“王丽 ”", "王丽", "（空）")
    assert (told(PENDING, 1.0), told(ErrorValue("#N/A"), 1.0)) == ("公式未计算", "#N/A")


def test_values_for_programs() -> None:
    values: list[Raw | None] = [None, 2.0, 2.5, DAY, "x", True, ErrorValue("#N/A"), PENDING]
    assert [plain(raw) for raw in values] == [None, 2, 2.5, "2024-03-20", "x", True, "#N/A", None]
    kinds = ["empty", "number", "number", "date", "text", "bool", "error", "formula"]
    assert [kind(raw) for raw in values] == kinds


def records(*identities: str, start: int = 2) -> list[Record]:
    """Records whose first key field is the part before the bar."""
    return [
        Record(row=row, key=identity.partition("|")[0], identity=identity, values={"甲": identity})
        for row, identity in enumerate(identities, start)
    ]


def rows_of(old: list[Record], new: list[Record]) -> list[tuple[int, int]]:
    return [(a.row, b.row) for a, b in pair(old, new).pairs]


class TestPairing:
    """One record of one table is at most one of the other."""

    def test_a_number_filled_in_later_is_no_other_record(self) -> None:
        found = pair(records("ZL1|", "ZL2|a"), records("ZL2|a", "ZL1|b"))
        assert [(a.row, b.row) for a, b in found.pairs] == [(3, 2), (2, 3)]
        assert [*found.removed, *found.added] == []

    def test_a_shown_key_met_twice_decides_nothing(self) -> None:
        found = pair(records("ZL1|a"), records("ZL1|b", "ZL1|c"))
        assert (len(found.removed), len(found.added), found.pairs) == (1, 2, [])

    def test_spaces_and_width_of_a_key(self) -> None:
        assert rows_of(records("ZL1|a", "ZL1|b"), records("ＺＬ1 |b", "zl1|a")) == [(3, 2), (2, 3)]

    def test_duplicates_meet_by_content_then_by_order(self) -> None:
        old = [
            Record(row=row, key="K", identity=f"K{AGAIN}{row}", values={"甲": text})
            for row, text in enumerate("abc", 2)
        ]
        new = [
            Record(row=row, key="K", identity=f"K{AGAIN}{row}", values={"甲": text})
            for row, text in enumerate("cxa", 2)
        ]
        assert rows_of(old, new) == [(4, 2), (3, 3), (2, 4)]

    @given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
    def test_nobody_is_lost_or_met_twice(self, one: list[str], two: list[str]) -> None:
        old, new = records(*one), records(*two)
        found = pair(old, new)
        assert sorted(r.row for r in [*found.removed, *(a for a, _ in found.pairs)]) == [r.row for r in old]
        assert sorted(r.row for r in [*found.added, *(b for _, b in found.pairs)]) == [r.row for r in new]
        assert not {r.identity for r in found.removed} & {r.identity for r in found.added}

"""``zlxl fix``: a preview by default; written into the file itself or a copy when asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

import zlxl
from zlxl.hosts.cli import EXIT_CLEAN, EXIT_FINDINGS, EXIT_UNCHECKED, EXIT_USAGE, main
from zlxl.hosts.commands.fix import _settled
from zlxl.tables.clients import CLIENTS

ROW = {
    "合同编号": "ZL20260015-Q",
    "证书编号": "01626Q00015R0M",
    "企业名称": "石家庄恒泰机械有限公司",
    "受理申请时间": datetime(2026, 3, 1),
    "审核时间": datetime(2026, 4, 10),
    "计划监审时间": datetime(2027, 3, 20),
    "状态": "有效",
    "企业省份": "河北省",
    "邮编": "050000",
    "联系人": "王丽",
    "联系电话": "0311-85551234",
}


def run(*args: str | Path) -> int:
    """Exit code of the command."""
    with pytest.raises(SystemExit) as stopped:
        main(["fix", *map(str, args), "--today", "2026-11-24"])
    return int(stopped.value.code or 0)


def ledger(path: Path, rows: Sequence[dict[str, object]], formula: str = "") -> Path:
    """A workbook with one ledger sheet; ``formula`` puts a text formula into the first client cell."""
    headers = CLIENTS.headers[:17]
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("客户台账")
        sheet.write_row(0, 0, headers)
        for number, row in enumerate(rows, 1):
            for column, header in enumerate(headers):
                sheet.write(number, column, (ROW | row).get(header))
        if formula:
            sheet.write_formula(1, headers.index("企业名称"), formula, None, " 石家庄恒泰机械有限公司")
    return path


def test_the_preview_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = ledger(tmp_path / "a.xlsx", [{"邮编": 50000}])
    before = path.read_bytes()
    assert run(path) == EXIT_CLEAN
    assert "客户台账!M2  邮编  50000 → 050000  (ZL132" in capsys.readouterr().out
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (before, [path])


def test_the_preview_says_what_is_written_and_what_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What needs a person is shown, as a suggestion; --unsafe counts it in."""
    path = ledger(tmp_path / "a.xlsx", [{"邮编": 50000, "企业省份": "河比省"}])
    assert run(path) == EXIT_CLEAN
    *_, counts, written, left = capsys.readouterr().out.splitlines()
    assert counts == "共 2 处：可自动修复 1，须人工确认 1。"
    assert "加 --write 写入可自动修复的。" in written
    assert "只是建议" in left
    run(path, "--unsafe")
    assert capsys.readouterr().out.endswith("以上是预览，没有写入。加 --write 写入。\n")


def test_a_clean_file_needs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ledger(tmp_path / "a.xlsx", [{}])) == EXIT_CLEAN
    assert capsys.readouterr().out == "没有可以修复的单元格。\n"


def test_safe_fixes_are_written_to_a_new_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Safe ones are made, those that need a person are left; the original stays as it was."""
    rows = [{"邮编": 50000, "受理申请时间": "2026.3.1", "企业省份": "河比省"}]
    path, out = ledger(tmp_path / "a.xlsx", rows), tmp_path / "b.xlsx"
    before = path.read_bytes()
    assert run(path, "--write", out) == EXIT_CLEAN
    assert path.read_bytes() == before
    assert [f.rule for f in zlxl.validate(out).findings] == ["ZL140"]
    assert f"已写入 {out}" in capsys.readouterr().out


def test_unsafe_makes_the_others_too(tmp_path: Path) -> None:
    path, out = ledger(tmp_path / "a.xlsx", [{"企业省份": "河比省", "邮编": "５00OO"}]), tmp_path / "b.xlsx"
    assert run(path, "--write", out, "--unsafe", "--select", "ZL140") == EXIT_CLEAN
    frame = zlxl.read(out)
    assert frame["企业省份"].tolist() == ["河北省"]
    assert "邮编" in frame


def test_a_formula_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rest is written and the refusal told on stderr."""
    path, out = ledger(tmp_path / "a.xlsx", [{"邮编": 50000}], formula='=" "&"x"'), tmp_path / "b.xlsx"
    assert run(path, "--write", out) == EXIT_FINDINGS
    told = capsys.readouterr()
    assert "客户台账!C2" in told.err
    assert "没有修改" in told.err
    assert "M2" in told.out


def test_the_original_and_other_files_are_safe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, other = ledger(tmp_path / "a.xlsx", [{"邮编": 50000}]), tmp_path / "b.xlsx"
    other.write_text("mine")
    assert run(path, "--write", path) == EXIT_USAGE
    assert run(path, "--write", other) == EXIT_USAGE
    assert other.read_text() == "mine"
    assert "--force" in capsys.readouterr().err
    assert run(path, "--write", other, "--force") == EXIT_CLEAN


def test_a_target_alone_is_no_order_to_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = ledger(tmp_path / "a.xlsx", [{"邮编": 50000}])
    assert run(path, tmp_path / "b.xlsx") == EXIT_USAGE
    assert "请加 --write" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [path]


def test_in_place_with_nothing_to_mend_touches_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = ledger(tmp_path / "a.xlsx", [{}])
    before = path.read_bytes()
    assert run(path, "--write") == EXIT_CLEAN
    assert capsys.readouterr().out == "没有可以修复的单元格。\n"
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (before, [path])


def test_a_file_changed_meanwhile_is_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody saved while the repairs were worked out is not lost."""
    path = ledger(tmp_path / "a.xlsx", [{"邮编": 50000}])

    def settled(*arguments: object, **options: object) -> object:
        found = _settled(*arguments, **options)  # type: ignore[arg-type]
        ledger(path, [{"邮编": 50001}, {"邮编": 50002}])
        return found

    monkeypatch.setattr("zlxl.hosts.commands.fix._settled", settled)
    assert run(path, "--write") == EXIT_UNCHECKED
    assert capsys.readouterr().err.count("\n") == 1
    assert [f.cell for f in zlxl.validate(path).findings if f.rule == "ZL132"] == ["M2", "M3"]


def test_a_workbook_open_elsewhere_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = ledger(tmp_path / "a.xlsx", [{"邮编": 50000}])
    before = path.read_bytes()
    (tmp_path / "~$a.xlsx").write_bytes("张敏".encode("utf-16-le").ljust(165, b" "))
    assert run(path, "--write") == EXIT_USAGE
    assert capsys.readouterr().err.startswith("zlxl: ")
    assert path.read_bytes() == before


def test_a_csv_is_fixed_in_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It has no log: the copy is all there is to go back to."""
    path = tmp_path / "客户台账.csv"
    path.write_text(
        "合同编号,企业名称,状态,企业省份\nZL20260015-Q,石家庄恒泰机械有限公司,有效,河北\n", "utf-8"
    )
    assert run(path, "--write") == EXIT_CLEAN
    told = capsys.readouterr().out
    assert "请用备份恢复" in told
    assert "zlxl undo " not in told.replace("zlxl undo 撤销", "")
    assert path.read_text("utf-8-sig").endswith("河北省\n")
    assert len(list((tmp_path / "zlxl-备份").iterdir())) == 1


def test_what_cannot_be_checked_cannot_be_fixed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"")
    assert run(path) == EXIT_UNCHECKED
    assert capsys.readouterr().err.count("\n") == 1


def test_a_csv_is_fixed_to_a_csv(tmp_path: Path) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "b.csv"
    headers = [header for header in CLIENTS.headers[:17] if header in ROW]
    values = [f"{ROW[h]:%Y-%m-%d}" if isinstance(ROW[h], datetime) else str(ROW[h]) for h in headers]
    values[headers.index("企业省份")] = "河北"
    path.write_text(",".join(headers) + "\n" + ",".join(values) + "\n", "utf-8")
    assert run(path, "--write", out) == EXIT_CLEAN
    assert zlxl.read(out)["企业省份"].tolist() == ["河北省"]
    assert out.read_bytes() == path.read_bytes().replace("河北,".encode(), "河北省,".encode())

"""Writes a 客户台账 workbook of any size as direct XML: ``generate.py ROWS OUT.xlsx [--faults 0.01]``."""

from __future__ import annotations

import argparse
import random
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


HEADERS = _words(
    """
    合同编号 证书编号 企业名称 受理申请时间 审核时间 初审费用 监审费用 计划监审时间
    实施时间 状态 企业省份 详细地址 邮编 联系人 联系电话 专业代码 认证范围
    """
)
LETTERS = "ABCDEFGHIJKLMNOPQ"
PROVINCES = dict(
    item.split(":")
    for item in _words(
        """
        北京市:10 天津市:30 河北省:05 山西省:03 内蒙古自治区:01 辽宁省:11 吉林省:13
        黑龙江省:15 上海市:20 江苏省:21 浙江省:31 安徽省:23 福建省:35 江西省:33
        山东省:25 河南省:45 湖北省:43 湖南省:41 广东省:51 广西壮族自治区:53
        海南省:57 重庆市:40 四川省:61 贵州省:55 云南省:65 西藏自治区:85 陕西省:71
        甘肃省:73 青海省:81 宁夏回族自治区:75 新疆维吾尔自治区:83
        """
    )
)
SYSTEMS = "QESO"
CERTIFIED = ("有效", "有效", "有效", "有效", "暂停", "撤销", "注销", "失效")
APPLYING = ("受理", "审核中")
WORDS = _words(
    """
    东方 华瑞 恒泰 鼎盛 中天 宏达 金龙 永安 信诚 新科 远大 博创 嘉德 伟业 海川 星辰
    飞翔 绿源 正通 百川 长城 腾飞 兴隆 顺达 盛世 联合 瑞丰 天成 国泰 三和 同创 宏图
    明珠 润泽 启航 卓越
    """
)
PRODUCTS = _words(
    """
    五金制品 塑料制品 汽车零部件 电线电缆 建筑装饰材料 机械设备 电子元器件 应用软件
    物业管理 市政工程 食品添加剂 医疗器械 包装材料 钢结构 阀门 轴承 家具 服装
    化工产品 消防器材 人力资源 安防工程 环保设备 橡胶密封件 办公用品
    """
)
ACTIVITIES = (
    "的设计、开发、生产和销售",
    "的生产和销售",
    "的加工",
    "的销售及售后服务",
    "的设计与施工",
    "（资质范围内）的施工",
)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国文辉力玲玉萍红梅鑫宇浩然"
EPOCH = date(1899, 12, 30)
DATE_STYLE, CODE_STYLE, MONEY_STYLE = 1, 2, 3
STYLES = (2, 2, 0, 1, 1, 3, 3, 1, 1, 0, 0, 0, 2, 0, 2, 2, 0)
ROWS_AT_ONCE = 2000

Row = list[str | int | None]


def serial(day: date) -> int:
    """Day number of the 1900 date system."""
    return (day - EPOCH).days


class Ledger:
    """Valid rows, one a certificate; a client has one contract and one to four systems."""

    def __init__(self, seed: int, today: date) -> None:
        self.random = random.Random(seed)
        self.today = serial(today)
        self.year = today.year
        self.codes = sorted({self._industry() for _ in range(650)})
        self.names: set[str] = set()
        self.contracts: set[str] = set()
        self.serials: dict[str, int] = {}

    def rows(self, count: int) -> Iterator[Row]:
        """So many rows."""
        done = 0
        while done < count:
            client, systems = self._client()
            for system in systems[: count - done]:
                done += 1
                yield self._row(client, system)

    def _industry(self) -> str:
        pick = self.random.randint
        return f"{pick(1, 39):02d}.{pick(1, 12):02d}.{pick(0, 9):02d}"

    def _client(self) -> tuple[Row, str]:
        choice, pick = self.random.choice, self.random.randrange
        province = choice(list(PROVINCES))
        name = self._fresh(self.names, lambda: self._name(province))
        systems = "".join(s for s in SYSTEMS if self.random.random() < 0.55) or "Q"
        contract = self._fresh(self.contracts, lambda: self._contract(systems))
        street = "".join(choice(WORDS) for _ in range(2))
        address = f"{province}{choice(WORDS)}市{choice(WORDS)}区{street}路{pick(1, 999)}号"
        if pick(2):
            address += f"{pick(1, 30)}幢{pick(1, 2600)}室"
        landline = f"0{pick(310, 999)}-{pick(20_000_000, 90_000_000)}"
        phone = f"1{pick(3, 10)}{pick(10**9):09d}" if pick(10) < 7 else landline
        person = choice(SURNAMES) + "".join(choice(GIVEN) for _ in range(1 + pick(2)))
        code = "; ".join(sorted({choice(self.codes) for _ in range(1 + (pick(10) < 3))}))
        scope = "、".join(choice(PRODUCTS) for _ in range(1 + pick(3))) + choice(ACTIVITIES)
        postcode = f"{PROVINCES[province]}{pick(100) * 100:04d}"
        return [contract, name, province, address, postcode, person, phone, code, scope], systems

    def _fresh(self, known: set[str], make: Callable[[], str]) -> str:
        while (text := make()) in known:
            pass
        known.add(text)
        return text

    def _name(self, province: str) -> str:
        choice = self.random.choice
        return f"{province[:2]}{choice(WORDS)}{choice(WORDS)}{choice(WORDS)}{choice(PRODUCTS)}有限公司"

    def _contract(self, systems: str) -> str:
        # Four digits a year are too few for a million rows: the letters tell contracts apart too.
        named = systems + "FH"[: self.random.randrange(3)]
        letters = "".join(self.random.sample(named, k=len(named)))
        return f"ZL{self.random.randint(2005, self.year)}{self.random.randrange(10_000):04d}-{letters}"

    def _row(self, client: Row, system: str) -> Row:
        pick = self.random.randrange
        contract, name, *rest = client
        status = self.random.choice(CERTIFIED) if pick(10) else self.random.choice(APPLYING)
        fee = 500 * pick(8, 120)
        if status in APPLYING:
            applied = self.today - pick(5, 90)
            return [contract, None, name, applied, None, fee, None, None, None, status, *rest]
        age = pick(5, 330) if status == "有效" else pick(400, 1500)
        audited = self.today - age
        planned = audited + pick(331, 360)
        carried_out = planned - pick(0, 20) if planned < self.today and pick(2) else None
        certificate = self._certificate(system, audited)
        dates = [audited - pick(5, 90), audited]
        return [contract, certificate, name, *dates, fee, fee // 2, planned, carried_out, status, *rest]

    def _certificate(self, system: str, audited: int) -> str:
        year = (EPOCH + timedelta(audited)).year % 100
        start = f"016{year:02d}{system}"
        while self.serials.get(start, 0) == 99_999:  # five digits: the surplus takes the next year's numbers
            year = (year + 1) % 100
            start = f"016{year:02d}{system}"
        number = self.serials[start] = self.serials.get(start, 0) + 1
        return f"{start}{number:05d}R{self.random.randrange(4)}{self.random.choice('SML')}"


#: What goes wrong in real ledgers: column and how its value is spoiled.
FAULTS: tuple[tuple[int, Callable[[str], str | int | None]], ...] = (
    (0, lambda text: text.replace("-", "")),
    (1, lambda text: text[:-3]),
    (2, lambda text: None),
    (3, lambda text: "2021年13月5日"),
    (3, lambda text: "2021.4.5"),
    (5, lambda text: "三千元"),
    (5, lambda text: "3,000元"),
    (8, lambda text: "待定"),
    (9, lambda text: "有 效"),
    (10, lambda text: text[:2] + "?"),
    (12, lambda text: int(text)),
    (12, lambda text: "99" + text[2:]),
    (14, lambda text: text[:-2]),
    (15, lambda text: "29.8.5"),
)


def spoiled(row: Row, choose: random.Random) -> Row:
    """The row with one fault."""
    column, change = choose.choice(FAULTS)
    row[column] = change(str(row[column] or 0))
    return row


class Strings:
    """Shared strings: text to index."""

    def __init__(self) -> None:
        self.index: dict[str, int] = {}
        self.used = 0

    def of(self, text: str) -> int:
        """Index of a text, a new one if need be."""
        self.used += 1
        return self.index.setdefault(text, len(self.index))


def cell(column: int, row: int, value: str | int | None, strings: Strings) -> str:
    """XML of one cell."""
    if value is None:
        return ""
    style = f' s="{STYLES[column]}"' if STYLES[column] and row > 1 else ""
    if isinstance(value, str):
        return f'<c r="{LETTERS[column]}{row}"{style} t="s"><v>{strings.of(value)}</v></c>'
    return f'<c r="{LETTERS[column]}{row}"{style}><v>{value}</v></c>'


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPE}.sharedStrings+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="客户台账" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
        '</numFmts><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
        '<patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        + "".join(
            f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
            for number in (164, 49, 4)
        )
        + '</cellXfs><cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    ),
}


def write_ledger(
    path: Path, rows: int, *, faults: float = 0.01, seed: int = 1, today: date | None = None
) -> None:
    """A workbook with the sheet 客户台账: a header row and so many rows, a share of them with one fault."""
    ledger = Ledger(seed, today or date.today())
    choose = random.Random(seed + 1)
    strings = Strings()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, DECLARATION + text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(
                f'{DECLARATION}<worksheet xmlns="{MAIN}"><dimension ref="A1:Q{rows + 1}"/><sheetViews>'
                '<sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'
                '<sheetFormatPr defaultRowHeight="15"/><sheetData>'.encode()
            )
            pieces = [_row(1, list(HEADERS), strings)]
            for number, row in enumerate(ledger.rows(rows), 2):
                pieces.append(
                    _row(number, spoiled(row, choose) if choose.random() < faults else row, strings)
                )
                if len(pieces) == ROWS_AT_ONCE:
                    part.write("".join(pieces).encode())
                    pieces.clear()
            part.write(f"{''.join(pieces)}</sheetData></worksheet>".encode())
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            part.write(
                f'{DECLARATION}<sst xmlns="{MAIN}" count="{strings.used}" '
                f'uniqueCount="{len(strings.index)}">'.encode()
            )
            part.writelines(f"<si><t>{escape(text)}</t></si>".encode() for text in strings.index)
            part.write(b"</sst>")


def _row(number: int, values: Row, strings: Strings) -> str:
    cells = "".join(cell(column, number, value, strings) for column, value in enumerate(values))
    return f'<row r="{number}" spans="1:17">{cells}</row>'


def main() -> None:
    """Command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("rows", type=int)
    options.add_argument("path", type=Path)
    options.add_argument("--faults", type=float, default=0.01)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--today", type=date.fromisoformat, default=None)
    given = options.parse_args()
    write_ledger(given.path, given.rows, faults=given.faults, seed=given.seed, today=given.today)


if __name__ == "__main__":
    main()

"""Builds workbook files part by part, so that a test can spell or break any of them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from zlxl.changes import CellChange, Refusal
from zlxl.edits import Edits
from zlxl.excel.save import save
from zlxl.excel.source import open_source

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="000000"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="164"/><xf numFmtId="31"/><xf numFmtId="999"/></cellXfs></styleSheet>'
)


def worksheet(rows: str, *, before: str = "", behind: str = "", main: str = MAIN) -> str:
    """A worksheet part around the markup of its rows."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{main}" xmlns:r="{OFFICE}">{before}'
        f"<sheetData>{rows}</sheetData>{behind}</worksheet>"
    )


def shared_strings(items: str, main: str = MAIN) -> str:
    """A shared string part around its items."""
    return f'<sst xmlns="{main}">{items}</sst>'


def _relation(key: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>'


def parts(
    sheets: Mapping[str, str | bytes] | str,
    *,
    strings: str | bytes | None = None,
    styles: str | bytes | None = STYLES,
    properties: str = "",
    states: Mapping[str, str] | None = None,
    main: str = MAIN,
    office: str = OFFICE,
) -> dict[str, str | bytes]:
    """All parts of a workbook with the worksheet parts by sheet name, in order."""
    named = {"表": worksheet(sheets)} if isinstance(sheets, str) else dict(sheets)
    states = states or {}
    entries, relations = "", ""
    made: dict[str, str | bytes] = {}
    for number, (name, part) in enumerate(named.items(), 1):
        state = f' state="{states[name]}"' if name in states else ""
        entries += f'<sheet name="{name}" sheetId="{number}"{state} r:id="rId{number}"/>'
        relations += _relation(f"rId{number}", f"{office}/worksheet", f"worksheets/sheet{number}.xml")
        made[f"xl/worksheets/sheet{number}.xml"] = part
    for word, part in (("styles", styles), ("sharedStrings", strings)):
        if part is not None:
            relations += _relation(word, f"{office}/{word}", f"{word}.xml")
            made[f"xl/{word}.xml"] = part
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">'
            f"{_relation('rId1', f'{office}/officeDocument', 'xl/workbook.xml')}</Relationships>"
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{office}">{properties}<sheets>{entries}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'
        ),
        **made,
    }


def write(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """A zip file of the parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def patch_cells(
    source: Path, target: Path, changes: Sequence[CellChange], *, skip_refused: bool = False
) -> tuple[Refusal, ...]:
    """Change cells of a file without a backup; the refused changes."""
    edits = Edits(cells=tuple(changes))
    return save(open_source(source), edits, target, skip_refused=skip_refused, backups=0).refused

"""A described workbook as a new .xlsx file; the only place that knows XlsxWriter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.chart import Chart as Drawn  # type: ignore[import-untyped]
from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from zlxl.errors import OutputExists, Unwritable, UsageError
from zlxl.excel.atomic import atomically
from zlxl.excel.backup import backed_up
from zlxl.excel.holders import refuse_held
from zlxl.excel.write_charts import TYPES, axis_options, legend_options, series_options, title_options
from zlxl.grid import Area
from zlxl.schema.values import EPOCH_1904_DAYS, to_serial
from zlxl.sheet import (
    Block,
    Cell,
    Chart,
    ColumnLook,
    Content,
    DataBar,
    ExcelTable,
    Formula,
    Kind,
    Link,
    Print,
    Sheet,
    Style,
    Validation,
    Workbook,
)
from zlxl.sheets.look import FONT, LOOKS, Look

MAX_TEXT: Final = 32_767
MAX_LINKS: Final = 65_000  # Excel drops those beyond 65,530 together with their text
_A4: Final = 9
_BUILT_IN: Final = {"@": 49, "0.00": 2, "#,##0": 3, "#,##0.00": 4}  # ECMA-376 part 1, 18.8.30


def _options() -> dict[str, Any]:
    """XlsxWriter's options, made anew because it changes what it is given."""
    return {
        "in_memory": True,  # temporary files would carry their own attributes into the archive
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": FONT, "font_size": 10, "font_scheme": "none"},
    }


def write_workbook(
    workbook: Workbook, path: Path, *, overwrite: bool = False, backups: int = 0
) -> Path | None:
    """Write the file in one step: whoever looks sees the old file or the whole new one.

    The file that is written over is kept among ``backups`` copies; the newest of them is given back.
    """
    refuse_taken(path, overwrite=overwrite)
    try:
        with backed_up(path, backups) as backup, atomically(path) as stream:
            _write(workbook, stream)
    except Unwritable as error:
        raise UsageError(f"{path}：无法写入。{error}") from error
    return backup


def sheets_written(sheets: Sequence[Sheet], *, date1904: bool = False) -> bytes:
    """The sheets as a small workbook in memory, whose parts go into another one."""
    stream = BytesIO()
    _write(Workbook(sheets=tuple(sheets)), stream, date1904=date1904)
    return stream.getvalue()


def refuse_taken(path: Path, *, overwrite: bool) -> None:
    """Stop before a file that exists (unless it may be replaced) or is open in Excel."""
    if path.exists() and not overwrite:
        raise OutputExists(f"{path}：文件已存在，未覆盖。请换一个文件名，或加 --force。")
    refuse_held(path)


def _write(workbook: Workbook, stream: IO[bytes], *, date1904: bool = False) -> None:
    book = xlsxwriter.Workbook(stream, _options() | {"date_1904": date1904})
    properties = workbook.properties
    book.set_properties(
        {
            "title": properties.title,
            "subject": properties.subject,
            "author": properties.author,
            "company": properties.company,
            "category": properties.category,
            "keywords": properties.keywords,
            "comments": properties.comments,
            "created": properties.created,
        }
    )
    palette = _Palette(book=book)
    worksheets = {sheet.name: book.add_worksheet(sheet.name) for sheet in workbook.sheets}
    for sheet in workbook.sheets:
        _Writer(sheet=sheet, worksheet=worksheets[sheet.name], book=book, palette=palette).write()
    for name in workbook.names:
        book.define_name(name.name, name.formula)
    if workbook.active is not None:
        worksheets[workbook.active].activate()
        worksheets[workbook.active].set_first_sheet()
    try:
        book.close()
    except FileCreateError as error:  # a full disk: XlsxWriter's name for any OSError
        raise error.args[0] from error


@dataclass(kw_only=True)
class _Palette:
    """XlsxWriter's format of every style that is used, each made once."""

    book: xlsxwriter.Workbook
    made: dict[tuple[Style, bool, bool], Format] = field(default_factory=dict)

    def cell(self, style: Style, *, unlocked: bool = False) -> Format:
        key = (style, unlocked, False)
        if key not in self.made:
            self.made[key] = self.book.add_format(_cell_format(LOOKS[style], unlocked=unlocked))
        return self.made[key]

    def mark(self, style: Style) -> Format:
        """What a conditional format lays over the cell's own look."""
        key = (style, False, True)
        if key not in self.made:
            self.made[key] = self.book.add_format(_mark_format(LOOKS[style]))
        return self.made[key]


def _cell_format(look: Look, *, unlocked: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "font_name": look.font,
        "font_scheme": "none",
        "font_size": look.size,
        "font_color": f"#{look.colour}",
        "bold": look.bold,
        "italic": look.italic,
        "underline": 1 if look.underline else 0,
        "align": look.align,
        "valign": look.valign,
        "text_wrap": look.wrap,
        "indent": look.indent,
        "shrink": look.shrink,
        "num_format": _BUILT_IN.get(look.number_format, look.number_format),
        "locked": not (look.unlocked or unlocked),
    }
    if look.fill:
        properties |= {"pattern": 1, "bg_color": f"#{look.fill}"}
    for side in ("top", "bottom", "left", "right"):
        line = getattr(look, side)
        if line:
            properties |= {side: line[0], f"{side}_color": f"#{line[1]}"}
    return properties


def _mark_format(look: Look) -> dict[str, Any]:
    properties: dict[str, Any] = {"font_color": f"#{look.colour}"}
    if look.bold:
        properties["bold"] = True
    if look.italic:
        properties["italic"] = True
    if look.fill:
        properties["bg_color"] = f"#{look.fill}"
    return properties


@dataclass(kw_only=True)
class _Writer:
    """Writes one sheet."""

    sheet: Sheet
    worksheet: Worksheet
    book: xlsxwriter.Workbook
    palette: _Palette
    links: int = 0

    def write(self) -> None:
        self._frame()
        for number, look in self.sheet.columns.items():
            self._column(number, look)
        for row, height in self.sheet.row_heights.items():
            self.worksheet.set_row(row - 1, height, None, {"hidden": row in self.sheet.hidden_rows})
        for row in self.sheet.hidden_rows - self.sheet.row_heights.keys():
            self.worksheet.set_row(row - 1, None, None, {"hidden": True})
        self._contents()
        self._conditions()
        for chart in self.sheet.charts:
            self._place(chart)
        self._page(self.sheet.print)

    def _frame(self) -> None:
        sheet, worksheet = self.sheet, self.worksheet
        if sheet.tab:
            worksheet.set_tab_color(f"#{sheet.tab}")
        if not sheet.gridlines:
            worksheet.hide_gridlines(2)
        if sheet.freeze:
            worksheet.freeze_panes(sheet.freeze[0] - 1, sheet.freeze[1] - 1)
        if sheet.hidden:
            worksheet.hide()
        if sheet.selected:
            worksheet.set_selection(*_corner(sheet.selected), *_corner(sheet.selected))
        if sheet.protected:
            worksheet.protect("", {"autofilter": True, "sort": True, "format_columns": True})
        worksheet.set_zoom(sheet.zoom)

    def _column(self, number: int, look: ColumnLook) -> None:
        style = self.palette.cell(look.style) if look.style else None
        self.worksheet.set_column(number - 1, number - 1, look.width, style, {"hidden": look.hidden})

    def _contents(self) -> None:
        for table in self.sheet.tables:
            self._table(table)
        for block in self.sheet.blocks:
            self._block(block)
        for area in self.sheet.merges:
            first = self.sheet.cells.get((area.top, area.left), Cell())
            self.worksheet.merge_range(*_zero(area), "", self._format(area.top, area.left, first.style))
        for (row, column), cell in self.sheet.cells.items():
            style = self._format(row, column, cell.style)
            if cell.content is None:
                self.worksheet.write_blank(row - 1, column - 1, None, style)
            else:
                self._put(row - 1, column - 1, cell.content, style)
        for note in self.sheet.notes:
            options = {"x_scale": note.width / 128, "y_scale": note.height / 74, "font_name": FONT}
            self.worksheet.write_comment(
                note.row - 1, note.column - 1, note.text, {**options, "author": "zlxl"}
            )

    def _format(self, row: int, column: int, style: Style) -> Format:
        return self.palette.cell(style, unlocked=any(_holds(a, row, column) for a in self.sheet.unlocked))

    def _block(self, block: Block) -> None:
        styles = [self.palette.cell(style) for style in block.styles]
        for row, contents in enumerate(block.rows, block.top - 1):
            for column, (content, style) in enumerate(zip(contents, styles, strict=True), block.left - 1):
                if content is not None:
                    self._put(row, column, content, self._open(row, column, style, block))

    def _open(self, row: int, column: int, style: Format, block: Block) -> Format:
        """The style, unlocked where the sheet leaves a block's cell open."""
        if not self.sheet.unlocked:
            return style
        return self._format(row + 1, column + 1, block.styles[column + 1 - block.left])

    def _put(self, row: int, column: int, content: Content, style: Format) -> None:
        """Write a content at a zero-based place; text is always text."""
        match content:
            case str():
                self.worksheet.write_string(row, column, content[:MAX_TEXT], style)
            case bool():
                self.worksheet.write_boolean(row, column, content, style)
            case int() | float():
                self.worksheet.write_number(row, column, content, style)
            case date():
                self.worksheet.write_datetime(row, column, content, style)
            case Formula():
                self.worksheet.write_formula(
                    row, column, content.text, style, _cached(content.value, date1904=self.book.date_1904)
                )
            case Link():
                self._link(row, column, content, style)

    def _link(self, row: int, column: int, link: Link, style: Format) -> None:
        self.links += 1
        if self.links > MAX_LINKS:
            self.worksheet.write_string(row, column, link.text, style)
            return
        target = f"internal:{link.target[1:]}" if link.target.startswith("#") else link.target
        self.worksheet.write_url(row, column, target, style, link.text, link.tip or None)

    def _table(self, table: ExcelTable) -> None:
        columns: list[dict[str, Any]] = [
            {"header": column.header, "header_format": self.palette.cell(column.style)}
            | ({"formula": column.formula} if column.formula else {})
            for column in table.columns
        ]
        self.worksheet.add_table(
            *_zero(table.area),
            {
                "name": table.name,
                "columns": columns,
                "style": table.look,
                "banded_rows": table.banded,
                "autofilter": table.autofilter,
            },
        )

    def _conditions(self) -> None:
        worksheet = self.worksheet
        for validation in self.sheet.validations:
            worksheet.data_validation(*_zero(validation.area), _validation(validation))
        for mark in self.sheet.marks:
            rule = {
                "type": "formula",
                "criteria": mark.formula,
                "format": self.palette.mark(mark.style),
                "stop_if_true": mark.stop,
            }
            worksheet.conditional_format(*_zero(mark.area), rule)
        for scale in self.sheet.scales:
            colours = {
                f"{end}_color": f"#{colour}"
                for end, colour in (("min", scale.low), ("mid", scale.middle), ("max", scale.high))
            }
            worksheet.conditional_format(*_zero(scale.area), {"type": "3_color_scale", **colours})
        for bar in self.sheet.bars:
            worksheet.conditional_format(*_zero(bar.area), _bar(bar))
        if self.sheet.autofilter:
            worksheet.autofilter(*_zero(self.sheet.autofilter))
        if self.sheet.text_numbers:
            ranges = " ".join(str(area) for area in self.sheet.text_numbers)
            worksheet.ignore_errors({"number_stored_as_text": ranges})

    def _page(self, page: Print) -> None:
        worksheet = self.worksheet
        worksheet.set_paper(_A4)
        if page.landscape:
            worksheet.set_landscape()
        left, right, top, bottom = page.margins
        worksheet.set_margins(left, right, top, bottom)
        worksheet.set_header(page.header, {"margin": 0.3})
        worksheet.set_footer(page.footer, {"margin": 0.3})
        worksheet.fit_to_pages(page.fit_width, page.fit_height)
        if page.centered:
            worksheet.center_horizontally()
        if page.repeat_rows:
            worksheet.repeat_rows(page.repeat_rows[0] - 1, page.repeat_rows[1] - 1)
        if page.repeat_columns:
            worksheet.repeat_columns(page.repeat_columns[0] - 1, page.repeat_columns[1] - 1)
        if page.area:
            worksheet.print_area(*_zero(page.area))
        if page.breaks:
            worksheet.set_h_pagebreaks(list(page.breaks))

    def _place(self, chart: Chart) -> None:
        drawn = _draw(self.book, chart)
        if chart.overlay:
            drawn.combine(_draw(self.book, chart.overlay))
        drawn.set_size({"width": chart.width, "height": chart.height})
        options = {"object_position": 2, "description": chart.alt_text or chart.title}
        self.worksheet.insert_chart(chart.row - 1, chart.column - 1, drawn, options)


def _bar(bar: DataBar) -> dict[str, Any]:
    return {
        "type": "data_bar",
        "data_bar_2010": True,
        "bar_color": f"#{bar.colour}",
        "bar_solid": True,
        "bar_no_border": True,
        "min_type": "num",
        "min_value": 0,
    }


def _cached(value: object, *, date1904: bool) -> object:
    """A formula's value as XlsxWriter takes it."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return to_serial(value) - (EPOCH_1904_DAYS if date1904 else 0)
    return "" if value is None else value


def _corner(place: tuple[int, int]) -> tuple[int, int]:
    return place[0] - 1, place[1] - 1


def _zero(area: Area) -> tuple[int, int, int, int]:
    return area.top - 1, area.left - 1, area.bottom - 1, area.right - 1


def _holds(area: Area, row: int, column: int) -> bool:
    return area.top <= row <= area.bottom and area.left <= column <= area.right


_VALIDATE = {Kind.DECIMAL: "decimal", Kind.INTEGER: "integer", Kind.DATE: "date", Kind.LIST: "list"}


def _validation(validation: Validation) -> dict[str, Any]:
    options: dict[str, Any] = {
        "validate": _VALIDATE.get(validation.kind, "any"),
        "error_type": validation.strictness.value,
    }
    if validation.kind is Kind.LIST:
        options["source"] = validation.source
    elif validation.kind is not Kind.ANY:
        options |= _bounds(validation.minimum, validation.maximum)
    words = {
        "input_title": validation.prompt_title,
        "input_message": validation.prompt,
        "error_title": validation.error_title,
        "error_message": validation.error,
    }
    return options | {key: text for key, text in words.items() if text}


def _bounds(low: float | date | None, high: float | date | None) -> dict[str, Any]:
    if low is not None and high is not None:
        return {"criteria": "between", "minimum": _bound(low), "maximum": _bound(high)}
    if low is not None:
        return {"criteria": ">=", "value": _bound(low)}
    return {"criteria": "<=", "value": _bound(high)}


def _bound(limit: float | date | None) -> object:
    return datetime(limit.year, limit.month, limit.day) if isinstance(limit, date) else limit


def _draw(book: xlsxwriter.Workbook, chart: Chart) -> Drawn:
    drawn = book.add_chart(TYPES[chart.kind])
    for number in range(len(chart.series)):
        drawn.add_series(series_options(chart, number))
    drawn.set_title(title_options(chart))
    drawn.set_x_axis(axis_options(chart.x))
    drawn.set_y_axis(axis_options(chart.y))
    drawn.set_legend(legend_options(chart))
    drawn.set_chartarea({"border": {"none": True}})
    drawn.show_blanks_as("gap")
    return drawn

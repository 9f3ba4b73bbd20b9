"""The workbook in front, as a button sees it: questions, messages, its selection, and loading it anew."""

from __future__ import annotations

import contextlib
import os

import uno
from com.sun.star.awt import MessageBoxButtons, MessageBoxResults
from com.sun.star.awt.FontWeight import BOLD
from com.sun.star.awt.MessageBoxType import INFOBOX, QUERYBOX
from com.sun.star.beans import PropertyValue
from com.sun.star.i18n.NumberFormatIndex import TEXT

from zlxl_bridge import typed
from zlxl_bridge.wire import ANSWERS

TITLE = "客户服务"
EMPTY = "private:factory/scalc"
SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"
USE_CONFIG = 3  # com.sun.star.document.MacroExecMode
NO_WORKBOOK = "没有打开的工作簿。请先打开客户服务数据库，再点一次。"
TWO_WINDOWS = "这个工作簿开着两个窗口，写入后不能重新打开。请先关闭其中一个窗口，再点一次。"


class Document:
    """The workbook in a frame; while a button is carried out, another load of it may take its place."""

    def __init__(self, context, frame):
        """``frame`` holds it, and stays."""
        self._context, self._frame = context, frame
        self._indicator = None
        self._left = None

    @property
    def model(self):
        """The document itself."""
        controller = self._frame.Controller if self._frame is not None else None
        model = controller.Model if controller is not None else None
        if model is None or not model.supportsService(SPREADSHEET):
            raise ValueError(NO_WORKBOOK)
        return model

    @contextlib.contextmanager
    def in_front(self):
        """Let the process ask of this document; the status bar is given back at the end."""
        outer = {name: ANSWERS.get(name) for name in ASKED}
        ANSWERS.update({name: getattr(self, name) for name in ASKED})
        try:
            yield
        finally:
            self.progress(None)
            ANSWERS.update(outer)

    # --- what is shown --------------------------------------------------------------------------------------

    def confirm(self, text):
        """Whether the answer to a question is yes."""
        return self._box(QUERYBOX, MessageBoxButtons.BUTTONS_YES_NO, text) == MessageBoxResults.YES

    def choose(self, text):
        """True for yes, False for no, None where nothing is to be done."""
        answer = self._box(QUERYBOX, MessageBoxButtons.BUTTONS_YES_NO_CANCEL, text)
        return {MessageBoxResults.YES: True, MessageBoxResults.NO: False}.get(answer)

    def tell(self, text):
        """Show a message."""
        self._box(INFOBOX, MessageBoxButtons.BUTTONS_OK, text)

    def _box(self, kind, buttons, text):
        window = self._frame.ContainerWindow if self._frame is not None else None
        box = self._service("com.sun.star.awt.Toolkit").createMessageBox(window, kind, buttons, TITLE, text)
        try:
            return box.execute()
        finally:
            box.dispose()

    def show(self, title, headers, rows):
        """Open a new document that holds the rows, as texts."""
        desktop = self._service("com.sun.star.frame.Desktop")
        made = desktop.loadComponentFromURL(EMPTY, "_blank", 0, ())
        sheet = made.Sheets.getByIndex(0)
        sheet.setName(title)
        cells = sheet.getCellRangeByPosition(0, 0, len(headers) - 1, len(rows))
        cells.NumberFormat = made.NumberFormats.getFormatIndex(TEXT, made.CharLocale)
        cells.setDataArray(tuple(map(tuple, [headers, *rows])))
        cells.Rows.getByIndex(0).CharWeight = BOLD
        cells.Columns.OptimalWidth = True
        made.setModified(False)

    def progress(self, text):
        """Say in the status bar what is being done; None gives the bar back."""
        if self._indicator is None and text is not None:
            self._indicator = self._frame.createStatusIndicator()
            self._indicator.start(text, 0)
        elif self._indicator is not None and text is not None:
            self._indicator.setText(text)
        elif self._indicator is not None:
            self._indicator.end()
            self._indicator = None

    # --- what it is -----------------------------------------------------------------------------------------

    def document(self):
        """Where it was loaded from, whether it can be written, and whether something was typed into it."""
        model = self.model
        return {
            "path": _path(model.URL),
            "readonly": model.isReadonly(),
            "modified": model.isModified(),
            "stamp": typed.stamp_of(model),
            "windows": len(_frames(model)),
        }

    def protected(self):
        """The sheets that are protected."""
        return [sheet.Name for sheet in self.model.Sheets if sheet.isProtected()]

    def selection(self):
        """Sheet, first and last row of what is selected; None where it is no cell."""
        area = self.model.CurrentSelection
        if area is None or not hasattr(area, "RangeAddress"):
            return None
        place = area.RangeAddress
        return [area.Spreadsheet.Name, place.StartRow + 1, place.EndRow + 1]

    def select(self, sheet, row, column):
        """Show a cell and select it."""
        found = self.model.Sheets.getByName(sheet)
        controller = self._frame.Controller
        controller.setActiveSheet(found)
        controller.select(found.getCellByPosition(column - 1, row - 1))

    def changes(self):
        """What was typed since it was loaded."""
        return typed.changes(self.model)

    # --- formulas -------------------------------------------------------------------------------------------

    def formulas(self):
        """The formulas that may name a function of ours: sheet, row, column, text."""
        return list(typed.suspects(self.model))

    def enter(self, cells):
        """Enter formulas anew without making the document a changed one; sheet, row, column, text each."""
        model = self.model
        modified = model.isModified()
        history = model.UndoManager
        history.lock()
        model.lockControllers()
        try:
            for sheet, row, column, text in cells:
                model.Sheets.getByName(sheet).getCellByPosition(column - 1, row - 1).setFormula(text)
        finally:
            model.unlockControllers()
            history.unlock()
            if not modified:
                model.setModified(False)
                typed.refresh(model)

    # --- loading it anew ------------------------------------------------------------------------------------

    def keep(self, path):
        """Keep all that is open as a copy, in Calc's own format."""
        self.model.storeToURL(uno.systemPathToFileUrl(path), properties(FilterName="calc8"))

    def release(self):
        """Let go of the file: an empty document takes the place of the loaded one."""
        model = self.model
        if len(_frames(model)) > 1:
            raise ValueError(TWO_WINDOWS)
        self._left = model.URL, self._frame.Controller.getViewData()
        modified = model.isModified()
        model.setModified(False)
        if self._frame.loadComponentFromURL(EMPTY, "_self", 0, ()) is None:
            model.setModified(modified)
            raise ValueError("Calc 没有让出工作簿。")

    def reload(self):
        """Load the file again into the same window, with the same cells selected."""
        url, view = self._left
        handler = self._service("com.sun.star.task.InteractionHandler")
        how = properties(InteractionHandler=handler, MacroExecutionMode=USE_CONFIG)
        if self._frame.loadComponentFromURL(url, "_self", 0, how) is None:
            raise ValueError("Calc 没有打开它。")
        self._frame.Controller.restoreViewData(view)

    def _service(self, name):
        return self._context.ServiceManager.createInstanceWithContext(name, self._context)


#: What the process asks of the document in front while it carries out a button.
ASKED = (
    *("confirm", "choose", "tell", "show", "progress", "document", "protected", "selection", "select"),
    *("changes", "formulas", "enter", "keep", "release", "reload"),
)


def _frames(model):
    controllers = model.getControllers()
    found = []
    while controllers.hasMoreElements():
        found.append(controllers.nextElement().Frame)
    return found


def _path(url):
    return os.path.normpath(uno.fileUrlToSystemPath(url)) if url.startswith("file:") else ""


def properties(**values):
    """Values as UNO takes them."""
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())

"""Calc never saves a workbook of ours as .xlsx: what was typed is written by us, and Calc is kept from it."""

from __future__ import annotations

import contextlib
import json
import os

import unohelper
from com.sun.star.document import XDocumentEventListener
from com.sun.star.frame import XDispatch, XDispatchProviderInterceptor
from com.sun.star.task import XJob
from com.sun.star.uno import RuntimeException

from zlxl_bridge import typed
from zlxl_bridge.commands import carry_out, press
from zlxl_bridge.document import SPREADSHEET, Document
from zlxl_bridge.wire import ServerError

WATCHED = (".xlsx", ".xlsm")
SAVE, SAVE_AS = ".uno:Save", ".uno:SaveAs"
CLOSE = (".uno:CloseDoc", ".uno:CloseWin", ".uno:CloseFrame")
HEAD_ROWS, HEAD_COLUMNS = 20, 200  # where headers are looked for
FEWEST = 4  # headers that make a table one of ours
REFUSED = (
    "Calc 写出的 .xlsx 会丢失表格样式、计算列等内容，因此不由 Calc 保存，文件没有改动。\n"
    "请用菜单“客户服务 > 保存改动”（或 Ctrl+S）；要另存一份请用 .ods 格式。"
)
UNSAVED = "工作簿有未保存的改动。现在写入文件吗？\n“否”放弃这些改动。"

_registered = {}
_frames = []


def attend(context, model):
    """Mend the formulas of a workbook that was just loaded, and watch over it where it holds our tables."""
    if not model.URL.lower().endswith(WATCHED) or not model.supportsService(SPREADSHEET):
        return
    if any(True for _ in typed.suspects(model)):
        with contextlib.suppress(ServerError):  # its cells say so themselves
            carry_out(context, "zl_formulas_on_load", _frame(model))
    if holds_tables(model) and model.RuntimeUID not in _registered:
        typed.remember(model)
        _registered[model.RuntimeUID] = watch = Watch(context, model)
        model.addDocumentEventListener(watch)
    if model.RuntimeUID in _registered:
        _intercept(context, model)


def watched(model):
    """Whether Calc is kept from saving a document."""
    return model is not None and getattr(model, "RuntimeUID", None) in _registered


def holds_tables(model):
    """Whether a row of headers belongs to one of our tables."""
    tables = _known_tables()
    return any(_is_header(row, table) for sheet in model.Sheets for row in _head(sheet) for table in tables)


def _head(sheet):
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.RangeAddress
    right, bottom = min(end.EndColumn, HEAD_COLUMNS - 1), min(end.EndRow, HEAD_ROWS - 1)
    for row in sheet.getCellRangeByPosition(0, 0, right, bottom).getDataArray():
        found = {"".join(text.split()) for text in row if isinstance(text, str)}
        if len(found) >= FEWEST:
            yield found


def _is_header(row, table):
    """Whether a row names a table's first column, the one that names its rows, and a few others."""
    known = [bool(row.intersection(spellings)) for spellings in table]
    return known[0] and sum(known) >= FEWEST


def _known_tables():
    path = os.path.join(os.path.dirname(__file__), "tables.json")
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def _frame(model):
    controller = model.CurrentController
    return controller.Frame if controller is not None else None


def _intercept(context, model):
    """Stand before the dispatches of every window of a document that has us not yet."""
    frame = _frame(model)
    if frame is not None and frame not in _frames:
        frame.registerDispatchProviderInterceptor(Interceptor(context, frame))
        _frames.append(frame)


class Loaded(unohelper.Base, XJob):
    """What Jobs.xcu has run when a document was loaded, or a window on it was opened."""

    def __init__(self, context):
        self._context = context

    def execute(self, arguments):
        """Attend to the document of the event."""
        environment = next((value.Value for value in arguments if value.Name == "Environment"), ())
        model = next((value.Value for value in environment if value.Name == "Model"), None)
        if model is not None and _frame(model) is not None:
            attend(self._context, model)


class Watch(unohelper.Base, XDocumentEventListener):
    """Listens to one document: stops what saves it past our dispatches."""

    def __init__(self, context, model):
        self._context, self._model = context, model
        self.leaving = False  #: whether it is just being saved in a format of Calc's own

    def documentEventOccured(self, event):
        """Refuse to save; an error raised here ends the saving before a byte is written."""
        if event.EventName in ("OnSave", "OnSaveAs") and not self.leaving:
            Document(self._context, _frame(self._model)).tell(REFUSED)
            raise RuntimeException(REFUSED, self)
        if event.EventName == "OnSaveAsDone" and not self._model.URL.lower().endswith(WATCHED):
            self._end()
        elif event.EventName == "OnViewCreated":
            _intercept(self._context, self._model)

    def disposing(self, _event):
        """The document is closed."""
        self._end()

    def _end(self):
        _registered.pop(self._model.RuntimeUID, None)
        typed.forget(self._model)


class Interceptor(unohelper.Base, XDispatchProviderInterceptor, XDispatch):
    """Stands before the dispatches of a frame: saving and closing a document of ours is done by us."""

    def __init__(self, context, frame):
        self._context, self._frame = context, frame
        self._slave, self._master = None, None

    # --- the chain ------------------------------------------------------------------------------------------

    def getSlaveDispatchProvider(self):
        return self._slave

    def setSlaveDispatchProvider(self, provider):
        self._slave = provider

    def getMasterDispatchProvider(self):
        return self._master

    def setMasterDispatchProvider(self, provider):
        self._master = provider

    def queryDispatch(self, url, target, flags):
        """Ourselves for saving and closing a document of ours, else what it was without us."""
        if url.Complete in (SAVE, SAVE_AS, *CLOSE) and watched(self._model()):
            return self
        return self._slave.queryDispatch(url, target, flags)

    def queryDispatches(self, requests):
        """The same for several."""
        return tuple(self.queryDispatch(one.FeatureURL, one.FrameName, one.SearchFlags) for one in requests)

    def _model(self):
        controller = self._frame.Controller
        return controller.Model if controller is not None else None

    def _plain(self, url):
        return self._slave.queryDispatch(url, "_self", 0)

    def addStatusListener(self, listener, url):
        """Whether there is something to save is known without us."""
        dispatch = self._plain(url)
        if dispatch is not None:
            dispatch.addStatusListener(listener, url)

    def removeStatusListener(self, listener, url):
        dispatch = self._plain(url)
        if dispatch is not None:
            dispatch.removeStatusListener(listener, url)

    # --- what is done ---------------------------------------------------------------------------------------

    def dispatch(self, url, arguments):
        """Save, save as, or close."""
        model = self._model()
        if not watched(model):
            self._plain(url).dispatch(url, arguments)
        elif url.Complete == SAVE:
            press(self._context, "zl_save_edits", self._frame)
        elif url.Complete == SAVE_AS:
            self._save_as(url, arguments, model)
        elif self._may_close(model):
            self._plain(url).dispatch(url, arguments)

    def _save_as(self, url, arguments, model):
        """Calc's own formats are Calc's affair; a target in another one is refused."""
        target = next((value.Value for value in arguments if value.Name == "URL"), "")
        if not target.lower().endswith(".ods"):
            Document(self._context, self._frame).tell(REFUSED)
            return
        watch = _registered[model.RuntimeUID]
        watch.leaving = True
        try:
            self._plain(url).dispatch(url, arguments)
        finally:
            watch.leaving = False

    def _may_close(self, model):
        """Ask what is to become of what was typed; False where the document stays open."""
        if not model.isModified():
            return True
        document = Document(self._context, self._frame)
        answer = document.choose(UNSAVED)
        if answer is None:
            return False
        if answer:
            press(self._context, "zl_save_edits", self._frame)
            return not self._model().isModified()
        model.setModified(False)
        return True

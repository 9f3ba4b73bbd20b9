"""Calc never saves a workbook of ours as .xlsx: what was typed is written by us, and Calc is kept from it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time

import uno
import unohelper
from com.sun.star.document import XDocumentEventListener
from com.sun.star.frame import FeatureStateEvent, XDispatch, XDispatchProviderInterceptor
from com.sun.star.lang import IllegalArgumentException
from com.sun.star.task import XJob
from com.sun.star.ui.dialogs.TemplateDescription import FILESAVE_AUTOEXTENSION

from zlxl_bridge import typed
from zlxl_bridge.commands import carry_out, press
from zlxl_bridge.document import SPREADSHEET, Document, properties
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
SAVE_AS_ODS = "另存为 .ods（写入原来的 .xlsx 请用“保存改动”）"
TAKEN_BACK = (
    "Calc 写出的 .xlsx 会丢失表格样式、计算列等内容，刚才的保存已撤回，文件与原来相同。\n"
    "请用菜单“客户服务 > 保存改动”（或 Ctrl+S）写入。"
)
NOT_TAKEN_BACK = (
    "Calc 刚才保存了工作簿，表格样式、计算列等内容可能已丢失。原文件留在「{}」。\n"
    "请关闭工作簿，用它换回原文件，再把改动录入一遍。"
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


def lock(model, locked):
    """Let Calc itself save a document, or not; versions before 7.4 know no such lock."""
    with contextlib.suppress(IllegalArgumentException):
        model.setArgs(properties(LockSave=locked))


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
    """Listens to one document: what saves it past our dispatches, such as a macro, is taken back."""

    def __init__(self, context, model):
        self._context, self._model, self._uid = context, model, model.RuntimeUID
        self._copy = None
        lock(model, True)

    def documentEventOccured(self, event):
        """Keep a copy of the file before it is written, and put it back behind that."""
        if self._uid not in _registered:
            return
        if event.EventName == "OnSave":
            self._keep()
        elif event.EventName == "OnSaveDone":
            self._put_back()
        elif event.EventName == "OnSaveAsDone":
            lock(self._model, False)
            self.disposing(event)
        elif event.EventName == "OnViewCreated":
            _intercept(self._context, self._model)

    def _keep(self):
        path = uno.fileUrlToSystemPath(self._model.URL)
        stem, suffix = os.path.splitext(path)
        self._copy = f"{stem}_原文件_{time.strftime('%Y%m%d-%H%M%S')}{suffix}"
        shutil.copy2(path, self._copy)  # with its time, by which it is known to be the same

    def _put_back(self):
        told = TAKEN_BACK
        try:
            os.replace(self._copy, uno.fileUrlToSystemPath(self._model.URL))
        except OSError:  # Windows replaces no file that is open
            told = NOT_TAKEN_BACK.format(os.path.basename(self._copy))
        self._model.setModified(True)
        Document(self._context, _frame(self._model)).tell(told)

    def disposing(self, _event):
        """The document is closed, or another file now."""
        if _registered.pop(self._uid, None) is not None:
            typed.forget(self._uid)


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
        """Saving is always possible, whatever Calc thinks of it."""
        listener.statusChanged(FeatureStateEvent(self, url, "", True, False, None))

    def removeStatusListener(self, listener, url):
        """Its state never changes."""

    # --- what is done ---------------------------------------------------------------------------------------

    def dispatch(self, url, arguments):
        """Save, save as, or close."""
        model = self._model()
        if not watched(model):
            self._plain(url).dispatch(url, arguments)
        elif url.Complete == SAVE:
            press(self._context, "zl_save_edits", self._frame)
        elif url.Complete == SAVE_AS:
            self._save_as(arguments, model)
        elif self._may_close(model):
            self._plain(url).dispatch(url, arguments)

    def _save_as(self, arguments, model):
        """Calc's own format is Calc's affair; a target in another one is refused."""
        given = next((value.Value for value in arguments if value.Name == "URL"), "")
        target = given or self._chosen(model.URL)
        if target.lower().endswith(".ods"):
            model.storeAsURL(target, properties(FilterName="calc8"))
        elif target:
            Document(self._context, self._frame).tell(REFUSED)

    def _chosen(self, url):
        """Where the user wants the copy; empty where nowhere."""
        create = self._context.ServiceManager.createInstanceWithContext
        picker = create("com.sun.star.ui.dialogs.FilePicker", self._context)
        picker.initialize((FILESAVE_AUTOEXTENSION,))
        picker.setTitle(SAVE_AS_ODS)
        picker.appendFilter("ODF (.ods)", "*.ods")
        folder, name = os.path.split(uno.fileUrlToSystemPath(url))
        picker.setDisplayDirectory(uno.systemPathToFileUrl(folder))
        picker.setDefaultName(os.path.splitext(name)[0] + ".ods")
        try:
            return picker.getFiles()[0] if picker.execute() else ""
        finally:
            picker.dispose()

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

"""What LibreOffice loads: functions in cells, entries of the menu, and what watches over workbooks."""

from __future__ import annotations

import traceback

import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.lang import XServiceInfo
from org.zlxl import XFunctions
from zlxl_bridge import cells, commands, saves, wire

NO_ANSWER, BAD_ARGUMENT = 32767, 519


class Functions(unohelper.Base, XFunctions, XServiceInfo):
    """The functions of ``settings.json``, each a method of the name that UNO wants."""

    def __init__(self, _context):
        pass

    def getImplementationName(self):
        return "org.zlxl.Functions"

    def supportsService(self, name):
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self):
        return SERVICES["org.zlxl.Functions"][1]


def _function(name):
    def function(_self, document, *arguments):
        try:
            return cells.called(wire.server(), document, name, arguments)
        except wire.ServerError:
            return cells.error(NO_ANSWER)
        except Exception:  # a traceback in a cell helps nobody
            wire.server().note(traceback.format_exc())
            return cells.error(BAD_ARGUMENT)

    return function


for _method, _name in wire.settings()["functions"].items():
    setattr(Functions, _method, _function(_name))


class Command(commands.Command, XCallback):
    """An entry of the menu, carried out on the main thread: there belong message boxes and cells."""

    def trigger(self, button):
        create = self._context.ServiceManager.createInstanceWithContext
        create("com.sun.star.awt.AsyncCallback", self._context).addCallback(self, button)

    def notify(self, button):
        super().trigger(button)


SERVICES = {
    "org.zlxl.Functions": (Functions, ("com.sun.star.sheet.AddIn", "org.zlxl.Functions")),
    "org.zlxl.Command": (Command, ("org.zlxl.Command",)),
    "org.zlxl.Loaded": (saves.Loaded, ("org.zlxl.Loaded",)),
}
g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - LibreOffice looks for this name
for _name, (_service, _names) in SERVICES.items():
    g_ImplementationHelper.addImplementation(_service, _name, _names)

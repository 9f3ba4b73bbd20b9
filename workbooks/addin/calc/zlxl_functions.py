"""What LibreOffice loads for functions in cells; a component of its own, which needs no other to work."""

from __future__ import annotations

import traceback

import unohelper
from com.sun.star.lang import XServiceInfo
from org.zlxl import XFunctions
from zlxl_bridge import cells, wire

NAME = "org.zlxl.Functions"
SERVICES = ("com.sun.star.sheet.AddIn", NAME)
NO_ANSWER, BAD_ARGUMENT = 32767, 519


class Functions(unohelper.Base, XFunctions, XServiceInfo):
    """The functions of ``settings.json``, each a method of the name that UNO wants."""

    def __init__(self, _context):
        pass

    def getImplementationName(self):
        return NAME

    def supportsService(self, name):
        return name in SERVICES

    def getSupportedServiceNames(self):
        return SERVICES


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

g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - LibreOffice looks for this name
g_ImplementationHelper.addImplementation(Functions, NAME, SERVICES)

"""What LibreOffice loads for its menu, and to watch over workbooks."""

from __future__ import annotations

import unohelper
from com.sun.star.awt import XCallback
from zlxl_bridge import commands, saves


class Command(commands.Command, XCallback):
    """An entry of the menu, carried out on the main thread: there belong message boxes and cells."""

    def trigger(self, button):
        create = self._context.ServiceManager.createInstanceWithContext
        create("com.sun.star.awt.AsyncCallback", self._context).addCallback(self, button)

    def notify(self, button):
        super().trigger(button)


SERVICES = {"org.zlxl.Command": Command, "org.zlxl.Loaded": saves.Loaded}

g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - LibreOffice looks for this name
for _name, _service in SERVICES.items():
    g_ImplementationHelper.addImplementation(_service, _name, (_name,))

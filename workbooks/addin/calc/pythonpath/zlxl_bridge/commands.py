"""The entries of the menu: ``service:org.zlxl.Command?<id of a button>``."""

from __future__ import annotations

import unohelper
from com.sun.star.task import XJobExecutor

from zlxl_bridge import wire
from zlxl_bridge.document import Document


class Command(unohelper.Base, XJobExecutor):
    """Carries out a button on the workbook in front."""

    def __init__(self, context):
        self._context = context

    def trigger(self, button):
        """Press the button of this id."""
        desktop = self._context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.Desktop", self._context
        )
        press(self._context, button, desktop.getCurrentFrame())


def press(context, button, frame):
    """Carry out a button on the document of a frame, and say why where that was not possible."""
    try:
        carry_out(context, button, frame)
    except wire.ServerError as error:
        Document(context, frame).tell(str(error))


def carry_out(context, button, frame):
    """Carry out a button on the document of a frame.

    Raises:
        ServerError: it was not carried out.
    """
    with Document(context, frame).in_front():
        wire.server().press(button)

"""So much of pywin32 that xlwings' own server of functions runs where there is no Windows."""

from __future__ import annotations

import ctypes
import datetime as dt
import sys
import types


def install() -> None:
    """Stand in for pywin32; before xlwings' Windows modules are imported."""
    _module("pywintypes", com_error=ComError, error=ComError, TimeType=dt.datetime, IID=str)
    _module(
        "pythoncom",
        **{name: lambda *_: None for name in ("CoInitialize", "CoUninitialize")},
        com_error=ComError,
        ole_error=ComError,
        IID_IDispatch="IID_IDispatch",
        TypeIIDs={"IID_IDispatch": Dispatched},
        PyIDispatch=Dispatched,
        Empty=object(),
        Missing=object(),
        __file__=PYTHONCOM,
    )
    for name in ("win32api", "win32con", "win32gui", "win32event"):
        _module(name, INFINITE=-1, QS_ALLEVENTS=0, WAIT_OBJECT_0=0)
    _module("win32process", GetWindowThreadProcessId=lambda handle: (1, 1))
    zones = type("TimeZoneInfo", (), {"utc": staticmethod(lambda: dt.UTC)})
    _module("win32timezone", TimeZoneInfo=zones)
    _com()
    ctypes.windll = ctypes.oledll = Anything()  # type: ignore[attr-defined]
    real = ctypes.PyDLL
    ctypes.PyDLL = lambda name=None, *more, **named: (  # type: ignore[assignment,misc]
        Anything() if name == PYTHONCOM else real(name, *more, **named)
    )


PYTHONCOM = "pythoncom.dll"


class ComError(Exception):
    """pywintypes.com_error."""


class Dispatched:
    """An object of Excel as pywin32 hands it over."""


class Anything:
    """A library of Windows: every function of it gives 0."""

    def __getattr__(self, name: str) -> Anything:
        return Anything()

    def __call__(self, *_: object, **__: object) -> int:
        return 0


def _com() -> None:
    kinds = {name: type(name, (), {}) for name in ("CDispatch", "DispatchBaseClass", "CoClassBaseClass")}
    same = {"Dispatch": lambda one, **_: one, "DispatchEx": lambda one, **_: one}
    client = _module("win32com.client", **kinds, **same)
    client.dynamic = _module("win32com.client.dynamic", CDispatch=kinds["CDispatch"])  # type: ignore[attr-defined]
    server = _module(
        "win32com.server",
        util=_module("win32com.server.util", wrap=lambda one, *_: one, unwrap=_unwrapped),
        dispatcher=_module("win32com.server.dispatcher"),
        policy=_module("win32com.server.policy", DefaultPolicy=type("DefaultPolicy", (), {})),
        exception=_module("win32com.server.exception", COMException=ComError),
    )
    _module("win32com", client=client, server=server)


def _unwrapped(one: object) -> object:
    raise ComError("not wrapped")


def _module(name: str, **members: object) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module
    return module

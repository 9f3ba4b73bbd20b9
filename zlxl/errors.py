"""What stops a run. Bad data is a finding; an unusable input or setting is one of these."""

from __future__ import annotations


class ZlxlError(Exception):
    """Base: the message is Chinese, says where, what and what to do, and is shown as it is."""


class Unreadable(ZlxlError):
    """A file that cannot be checked: not a workbook, encrypted, broken, hostile, without known sheet."""


class UsageError(ZlxlError):
    """A wrong argument or configuration."""


class OutputExists(UsageError):
    """Something would be overwritten without being asked to."""


class Unwritable(ZlxlError):
    """A file that cannot be changed as asked: signed, held by another program, a formula in the way."""

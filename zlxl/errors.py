"""What stops a run. Bad data is a finding; an unusable input or setting is one of these."""

from __future__ import annotations

import errno
from typing import Final

_REASONS: Final = {
    errno.ENOENT: "路径不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件超过磁盘允许的大小",
    errno.ENAMETOOLONG: "文件名或路径太长",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "同名的文件已存在",
    errno.EINVAL: "文件名或路径无效",
    errno.EIO: "磁盘读写出错",
    errno.EMFILE: "打开的文件太多",
    errno.EBUSY: "正被占用",
    errno.ETXTBSY: "正被占用",
    errno.ETIMEDOUT: "网络超时",
    errno.ESTALE: "网络文件夹已断开",
}


def os_reason(error: BaseException) -> str:
    """What the system did not do, in the user's words; its own where there are none."""
    if isinstance(error, OSError) and error.errno in _REASONS:
        return _REASONS[error.errno]
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


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

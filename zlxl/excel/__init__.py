"""Files in and out: the fast scan, the exact parser, CSV, new workbooks, patches of a package."""

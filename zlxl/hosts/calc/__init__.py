"""LibreOffice Calc as a host: its extension starts this as a process of its own and talks to it by lines."""

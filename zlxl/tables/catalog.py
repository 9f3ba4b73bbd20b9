"""All tables of the workbook, in the order of its sheets."""

from __future__ import annotations

from typing import Final

from zlxl.schema.table import Table
from zlxl.tables.applications import APPLICATIONS
from zlxl.tables.authority import AUTHORITY
from zlxl.tables.changes import CHANGES
from zlxl.tables.clients import CLIENTS
from zlxl.tables.contracts import CONTRACTS
from zlxl.tables.criteria import CRITERIA
from zlxl.tables.deliveries import DELIVERIES
from zlxl.tables.documents import DOCUMENTS
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.holidays import HOLIDAYS
from zlxl.tables.improvements import IMPROVEMENTS
from zlxl.tables.incidents import INCIDENTS
from zlxl.tables.information import INFORMATION
from zlxl.tables.lists import LISTS
from zlxl.tables.phrases import PHRASES
from zlxl.tables.plans import PLANS
from zlxl.tables.requests import REQUESTS
from zlxl.tables.services import SERVICES
from zlxl.tables.surveys import SURVEYS
from zlxl.tables.timing import TIMING

TABLES: Final[tuple[Table, ...]] = (
    CLIENTS,
    APPLICATIONS,
    CONTRACTS,
    DOCUMENTS,
    INFORMATION,
    EVALUATIONS,
    PLANS,
    REQUESTS,
    IMPROVEMENTS,
    SURVEYS,
    INCIDENTS,
    SERVICES,
    DELIVERIES,
    CHANGES,
    LISTS,
    AUTHORITY,
    PHRASES,
    CRITERIA,
    TIMING,
    HOLIDAYS,
)
POLICY_TABLES: Final = tuple(table for table in TABLES if table.policy)
_BY_NAME: Final = {table.name: table for table in TABLES}


def table_named(name: str) -> Table:
    """The table of that name; KeyError when there is none."""
    return _BY_NAME[name]

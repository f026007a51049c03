"""Every room's rows, imported so that one metadata knows them all (migrations and their test need it)."""

from app.approvals import tables as approvals_tables
from app.auctions import tables as auctions_tables
from app.auctions.confirmations import tables as confirmations_tables
from app.auctions.defaults import tables as defaults_tables
from app.auctions.sealed import tables as sealed_tables
from app.auctions.sessions import tables as sessions_tables
from app.calendar import tables as calendar_tables
from app.contracts import tables as contracts_tables
from app.db import tables as db_tables
from app.db.base import Base
from app.demands import tables as demands_tables
from app.events import tables as events_tables
from app.evidence import tables as evidence_tables
from app.files import tables as files_tables
from app.http import tables as http_tables
from app.identity import tables as identity_tables
from app.listings import tables as listings_tables
from app.listings.grants import tables as grants_tables
from app.listings.imports import tables as imports_tables
from app.markets import tables as markets_tables
from app.markets.bundles import tables as bundles_tables
from app.markets.dataroom import tables as dataroom_tables
from app.markets.inspection import tables as inspection_tables
from app.markets.listed import tables as listed_tables
from app.markets.negotiated import tables as negotiated_tables
from app.markets.priority import tables as priority_tables
from app.markets.registrations import tables as registrations_tables
from app.markets.registrations.agents import tables as agents_tables
from app.markets.registrations.joint import tables as joint_tables
from app.notices import tables as notices_tables
from app.settlement import tables as settlement_tables
from app.settlement.dispositions import tables as dispositions_tables
from app.signing import tables as signing_tables

ROOMS = (
    db_tables,
    events_tables,
    http_tables,
    identity_tables,
    signing_tables,
    files_tables,
    calendar_tables,
    approvals_tables,
    notices_tables,
    settlement_tables,
    dispositions_tables,
    listings_tables,
    grants_tables,
    imports_tables,
    demands_tables,
    markets_tables,
    registrations_tables,
    priority_tables,
    agents_tables,
    joint_tables,
    negotiated_tables,
    listed_tables,
    bundles_tables,
    dataroom_tables,
    inspection_tables,
    contracts_tables,
    auctions_tables,
    evidence_tables,
    sealed_tables,
    defaults_tables,
    sessions_tables,
    confirmations_tables,
)
METADATA = Base.metadata

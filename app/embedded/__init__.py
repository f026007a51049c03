"""PostgreSQL and Valkey from installed wheels, for a laptop, a demonstration and tests.

Owns: their programs, data directories, ports, and their life as children of one supervisor. Refuses: production
(point DATABASE_URL and REDIS_URL at real servers), and any knowledge of what the databases hold.
"""

from app.embedded.children import Child
from app.embedded.faults import ServersFault
from app.embedded.places import state_directory
from app.embedded.servers import EmbeddedServers

__all__ = ["Child", "EmbeddedServers", "ServersFault", "state_directory"]

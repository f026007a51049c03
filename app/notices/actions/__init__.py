"""What can be done to a notice. The rooms above call `publish`, `clock_of` and the rest in their own transaction."""

from app.notices.actions.publishing import publish, supersede
from app.notices.actions.running import clock_of, interrupt, stretch, sweep, take_up

__all__ = ["clock_of", "interrupt", "publish", "stretch", "supersede", "sweep", "take_up"]

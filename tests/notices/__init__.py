"""Notices: their clock, their record, their mending, and objections."""

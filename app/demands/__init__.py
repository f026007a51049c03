"""Demands 需求: what enterprises look for, the answers to it, and the choice that becomes an award."""

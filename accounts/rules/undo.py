"""What was pressed by mistake is taken back: a state, a place, a register, a decision."""

from datetime import timedelta

UNDO_WITHIN = timedelta(hours=24)

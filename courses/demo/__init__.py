"""The demo: an invented centre with invented people. Nobody in it exists."""

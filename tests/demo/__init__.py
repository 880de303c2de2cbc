"""The demo: an invented district, and a day in it by the real windows."""

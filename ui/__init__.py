"""The windows: the only part that knows Qt."""

from ui.immortal import keep_singletons_alive

keep_singletons_alive()

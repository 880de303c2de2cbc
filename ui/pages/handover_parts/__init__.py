"""Parts of the page of handovers and stand-ins."""

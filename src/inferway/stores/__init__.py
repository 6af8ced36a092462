"""Where counters and cached responses live."""

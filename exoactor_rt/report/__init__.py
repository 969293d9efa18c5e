"""The report of a run: one HTML page and the same data as JSON."""

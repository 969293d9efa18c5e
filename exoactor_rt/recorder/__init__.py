"""Logs: whatever crosses an edge of the control loop, as MCAP."""

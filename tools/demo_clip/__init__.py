"""Renders the demo clip: a person with exactly known joints does the things the chain must copy."""

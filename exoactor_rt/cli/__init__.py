"""The `exoactor` command; one module a subcommand."""

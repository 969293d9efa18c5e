"""The robots this project drives."""

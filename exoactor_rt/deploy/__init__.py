"""Installing the two processes as systemd services."""

from exoactor_rt.deploy.installation import install, uninstall
from exoactor_rt.deploy.system import System

__all__ = ["System", "install", "uninstall"]

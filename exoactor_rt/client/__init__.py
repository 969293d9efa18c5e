"""Python clients of the service's local interface."""

from exoactor_rt.client.async_client import AsyncClient
from exoactor_rt.client.client import Client
from exoactor_rt.client.connection import DEFAULT_SOCKET, ServiceError

__all__ = ["DEFAULT_SOCKET", "AsyncClient", "Client", "ServiceError"]

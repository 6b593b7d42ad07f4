"""A home with every layer real but the network, for whatever stands on runs."""

from tests.backend.care import home, open_home  # noqa: F401 - fixtures

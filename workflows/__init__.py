"""The language authors write, and its engine: pure, no customer, no table, no socket, no clock."""

"""Runs: published workflows, their executions, and the one place where a decision becomes an effect."""

"""Customers as the provider's business knows them: subscriptions and the ledger of what was done."""

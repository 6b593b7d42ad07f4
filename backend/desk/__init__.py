"""Where automation ends: escalations that wait for, or are held by, a person."""

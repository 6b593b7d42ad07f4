"""Routers as the care centre knows them: records, stored parameters, the queue of tasks, waking."""

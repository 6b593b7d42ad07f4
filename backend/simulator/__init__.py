"""Simulated home routers: the CPE side of TR-069 over real HTTP, for the demo, for tests and for load.

`homes` holds the stories as data, `tr181` and `tr098` the data models, `model` the rules of reading
and writing them, `home` what the household notices, `router` one stateful router with its log of
applied writes, `cpe` its CWMP sessions, `fleet` many routers in one process. Nothing here is
imported by the care centre itself except `seed`, which enters the ten demo homes into its tables.
"""

"""TR-069 (CWMP) without I/O: bytes in, messages out, one transition table per side.

Never in here: sockets, HTTP, clocks, chance, tables, tenants. Times, keys and salts are arguments.
"""

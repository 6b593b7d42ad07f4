"""What a GUI step can show: a closed set of kinds, each described as JSON and answered by value.

Pure: no customer, no table, no socket, no clock. The elements that draw them are in `web/`.
"""

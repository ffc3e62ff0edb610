"""What holds where a spec is silent: tables and plain functions, once, for who checks a spec and who resolves it.

A function returns what the spec says if it says it, else the default. Why it is the default stands where it is decided.
"""

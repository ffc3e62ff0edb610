"""Compile one short description of a large Kubernetes cluster into its configuration.

`pipeline` is the table of contents: load, read the spec, resolve, reckon, check, emit, write.
"""

__version__ = "0.1.0"

"""Findings, capacity and decisions as text and JSON; nothing here prints."""

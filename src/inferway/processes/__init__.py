"""Supervises child processes."""

"""Supervises child processes, and ends what they leave behind."""

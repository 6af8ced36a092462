"""Releases beside what is served: counts of both, rules that judge them, and the journal of what was decided."""

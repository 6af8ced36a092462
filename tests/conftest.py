"""What holds for all tests."""

from hypothesis import settings

# No test asserts a time, and a machine may be busy: 200 ms for an example, which is Hypothesis's own bound, would.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

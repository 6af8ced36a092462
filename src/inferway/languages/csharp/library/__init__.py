"""The parts of .NET that expressions may use, as tables of members."""

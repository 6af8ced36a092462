"""The methods and properties that Java's classes have, as tables."""

"""Template, expression and query languages; each stands alone and imports nothing of the rest."""

"""Weather, and what sun and wind can give in it."""

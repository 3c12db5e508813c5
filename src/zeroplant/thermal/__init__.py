"""Heat: machines between temperatures, and heat recovered between streams."""

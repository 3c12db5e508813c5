"""Twin: a simulated plant that speaks the same protocols."""

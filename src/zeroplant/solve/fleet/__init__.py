"""Very many small stores, each scheduled to its exact optimum."""

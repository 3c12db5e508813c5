"""What asset kinds are put together from: sections of several kinds, and long parts of one."""

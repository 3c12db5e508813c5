"""Charts drawn by ourselves as inline SVG."""

"""The twin's devices on the wire: protocol servers and clients on loopback."""

"""Portal: the control room and the API. It reads the store and never talks to a device."""

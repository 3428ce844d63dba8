"""Settings, addresses, the processes, and the brigade command."""

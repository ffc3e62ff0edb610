"""Questions about a cluster with every value decided, what the spec passes on to components among them."""

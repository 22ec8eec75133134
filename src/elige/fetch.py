"""The one door to the network: model hubs and plain HTTP."""

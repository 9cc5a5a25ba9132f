"""The marketplace's events of EVM chains: read as a majority of endpoints tells them, decoded strictly."""

"""The program without a screen: domain, services, storage, printing, security."""

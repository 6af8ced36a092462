"""Makes the client SDK of an API that the service's GetSdk makes for it."""

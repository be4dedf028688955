"""Publishing: which files a site has, and putting them where a host serves them, whole or not at all."""

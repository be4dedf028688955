"""Records in Open Badges terms: what people write, as frozen pydantic models."""

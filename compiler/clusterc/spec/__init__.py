"""The input language: what a spec may say, as pydantic models, one file per section."""

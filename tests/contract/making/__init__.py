"""What the corpus of `contract.corpus` is made of; nothing here uses code of the project."""

"""How each requirement is judged on a subject: plain functions without pytest, one package a subject."""

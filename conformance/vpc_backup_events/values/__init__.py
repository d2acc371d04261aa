"""What every floor passes around: frozen values without a catalog or a schema."""

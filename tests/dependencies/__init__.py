"""What the project installs."""

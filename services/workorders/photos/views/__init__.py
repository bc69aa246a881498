"""What has photos."""

"""What has been published."""

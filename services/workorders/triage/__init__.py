"""What a report is probably about, how pressing it sounds, and whether it was reported already."""

"""The foundation under every wuye service; knows no business word."""

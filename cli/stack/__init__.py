"""`wuye stack`: private servers, databases, and every process of the platform under supervisord."""

"""Telling other services what happened, and calling them: RabbitMQ or one process's memory."""

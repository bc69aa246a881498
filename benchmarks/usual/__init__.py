"""What one would put together from the libraries' own documentation, to compare with.

nameko RPC, an eventsourcing `Application` that saves aggregates, nameko's `EventDispatcher`, and
views behind `@event_handler`, on the same PostgreSQL and RabbitMQ. It checks the same marshmallow
schemas and the order of states. It does *not* check tokens, roles, places or people, does not
recognise a command sent twice, draws no order numbers, seals no personal text, and loses an event
when its process dies between saving and dispatching: all of that makes it faster.
"""

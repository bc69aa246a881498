"""Photos for orders: taken in, cleaned, kept by their content, shown to those who see the order.

A view whose form has photos is marked ``@taking.takes_photos``, so that its request may be large,
and calls ``taking.keep_all(form, field)``; the references that it gets go into a command.
"""

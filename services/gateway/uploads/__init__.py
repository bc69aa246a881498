"""Photos for orders: taken in, cleaned, kept by their content, shown to those who see the order.

Who takes a form calls ``taking.room()`` before looking into it, and ``taking.keep(file)`` for each
photo; the reference that it gets goes into the ``photos`` of a command.
"""

"""Photos for orders: taken in, cleaned, kept by their content, shown to those who see the order.

A page's form calls ``taking.room()`` before it looks into its form, and ``taking.keep(file)`` for each photo; the
reference it gets goes into the ``photos`` of a command.
"""

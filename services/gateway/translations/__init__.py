"""The pages' texts in every language: ``<locale>/LC_MESSAGES/messages.po`` and, compiled, ``.mo``.

English texts are the keys. ``python -m services.gateway.translations`` brings the catalogues up to
date with the pages and compiles them; run it after every change of a text or a translation.
"""

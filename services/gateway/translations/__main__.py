"""``python -m services.gateway.translations``: bring the catalogues up to date; compile them."""

from __future__ import annotations

import sys

from services.gateway.translations import catalogues


def main() -> int:
    """Exit code 1 where a text has no translation; it is named."""
    left = {}
    for locale in catalogues.LOCALES:
        catalogues.update(locale)
        left[locale] = catalogues.missing(locale)
        print(f"{locale}: {len(left[locale])} texts without translation")
        for text in left[locale]:
            print(f"  {text}")
    return 1 if any(left.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

"""What every page shares: layout, languages, words, forms, errors, and the calls behind them."""

"""By which number people can be found, without any number in it."""

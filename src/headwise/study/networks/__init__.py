"""How networks do on later days and in other places, beside and together with trees."""

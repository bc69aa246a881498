"""Follow-up visits (回访): after work was accepted, staff ask whether all is well."""

"""What tests/chaos/contact_centre_day.py is made of: the day, its people, and its ledger."""

"""What tests/chaos/races.py is made of: who races, and what is judged of it afterwards."""

"""What tests/chaos/presence_bounds.py is made of: teams of agents who are lost in one way each."""

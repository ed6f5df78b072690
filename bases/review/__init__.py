"""What experts do: a panel drawn by lot that can be drawn again from its record, and scores in half points."""

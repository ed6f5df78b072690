"""What SpiffWorkflow 3.2.0 does wrong, put right: subclasses of its tree and its specs, which call it and copy nothing.

The central repair: the library predicts the paths before a token takes them, and its joins read the predictions.
That is why joins fire early in loops, why a small diagram creates thousands of tasks and why old instances grow slow.
Here nothing is predicted. A task exists when its token arrives, and a join counts the tokens that stand before it.
"""

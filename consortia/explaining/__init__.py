"""What a solve leaves open: why there is no consortium, what else there is, at which price, and whether it is fair.

Each verb has a module of its own. They ask :func:`consortia.solve` about questions that differ a little from the one
that was posed, and use nothing of solvers besides.
"""

"""What the model calls of the Log cost, with the Logs below it, in US dollars.

No judgment where the price of a call is not known: 0 would be wrong.
"""


def cost(log):
    return log["totals"]["cost"]

"""The seconds that the Log took: its model calls, with those of the Logs below it."""


def latency(log):
    return log["totals"]["latency"]

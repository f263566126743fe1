"""The tokens of the model calls, those sent and those answered, with the Logs below.

No judgment where a vendor does not tell how many there were.
"""


def tokens(log):
    sent = log["totals"]["prompt_tokens"]
    answered = log["totals"]["output_tokens"]
    if sent is None or answered is None:
        return None
    return sent + answered

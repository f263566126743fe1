def calculator(expression):
    print("works out", expression)
    # Whatever a model makes of this, it stays in the sandbox.
    return round(eval(expression), 2)

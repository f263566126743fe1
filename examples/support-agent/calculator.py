def calculator(expression):
    print("works out", expression)
    # eval is safe here: the code runs in the sandbox, whatever a model writes.
    return round(eval(expression), 2)

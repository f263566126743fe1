from statistics import mean, median


def summary(numbers):
    print("summing up", len(numbers), "numbers")
    return {"mean": mean(numbers), "median": median(numbers), "largest": max(numbers)}

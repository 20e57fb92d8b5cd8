"""The same work by lifetimes, run by its own Python: `python rival.py NAME FILE` prints a line of JSON.

It stands alone, because the Python that has lifetimes has nothing of ours.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import lifetimes
import numpy as np

FITTERS = {"bg": "BetaGeoFitter", "mbg": "ModifiedBetaGeoFitter", "pareto": "ParetoNBDFitter"}


def main(name: str, path: str) -> None:
    """Fit, P(alive) and expected purchases in a year for the customers in the file; lifetimes has no P(active)."""
    data = np.load(path)
    x, t_x, age = data["x"], data["t_x"], data["age"]
    fitter = getattr(lifetimes, FITTERS[name])()
    start = time.process_time()
    fitter.fit(x, t_x, age)
    fitted = time.process_time()
    fitter.conditional_probability_alive(x, t_x, age)
    fitter.conditional_expected_number_of_purchases_up_to_time(365.0, x, t_x, age)
    end = time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    parameters = [float(value) for value in fitter.params_]
    print(json.dumps({"fit": fitted - start, "all": end - start, "memory": memory, "parameters": parameters}))


if __name__ == "__main__":
    main(*sys.argv[1:3])

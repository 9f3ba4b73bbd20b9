"""``python -m tests.decisions.learn_shipped``: the shipped model, learnt anew from the synthetic requests.

To be run after a change of ``zlxl/decisions/data/requests.csv``; it takes about two minutes.
"""

from datetime import date
from pathlib import Path

import zlxl.decisions
from zlxl.decisions.authority import authorities_of
from zlxl.decisions.model_file import SHIPPED, write_model
from zlxl.jobs.classifying.learning import learn_shipped
from zlxl.tables.policy import shipped_context

if __name__ == "__main__":
    model = learn_shipped(authorities_of((), shipped_context(date.today())))
    path = Path(zlxl.decisions.__file__).parent / SHIPPED
    path.write_text(write_model(model), encoding="utf-8", newline="\n")
    print(model.learnt.texts, dict(model.learnt.figures), model.sharpness)  # noqa: T201

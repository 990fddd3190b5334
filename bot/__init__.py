"""B-Side: a Discord bot that finds under-the-radar tracks for one listener's taste.

Every process of ours begins here, before numpy is imported, and works with one BLAS thread: the
products of a taste or a ranking are small, and a second thread costs ten times what it saves.
Whoever sets one of these variables decides otherwise.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

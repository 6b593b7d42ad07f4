"""`python -m backend.simulator`: the command `simulate` as a process of its own."""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402 - nothing may be imported before the patching

from backend.simulator.fleet import main  # noqa: E402

sys.exit(main(sys.argv[1:]))

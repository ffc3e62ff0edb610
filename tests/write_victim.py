"""Write the new tree, and be killed by the kernel at the change to the disk whose number is given."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from clusterc.write.commit import commit
from clusterc.write.plan import plan
from write_trees import NEW, VERSION, build, stroke

if __name__ == "__main__":
    root, number = Path(sys.argv[1]), int(sys.argv[2])
    todo = plan(root, build(NEW), tool_version=VERSION)
    with stroke(number, lambda: os.kill(os.getpid(), signal.SIGKILL), fatal=True):
        commit(todo)

"""``python -m relu_theory`` is ``relu-theory``."""

import sys

from relu_theory.cli import main

sys.exit(main())

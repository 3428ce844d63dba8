"""The language in which a practice is written down."""

import sys
from types import ModuleType

# The package for CEL loads its command line with it: ten megabytes in every process.
sys.modules.setdefault("cel.cli", ModuleType("cel.cli"))

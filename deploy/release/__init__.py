"""A build is released beside another: the machine, its gate, the edge, the differ, a rehearsal."""

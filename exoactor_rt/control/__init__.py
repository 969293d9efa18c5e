"""Control: the whole-body controller, in C++ (`_core.control`)."""

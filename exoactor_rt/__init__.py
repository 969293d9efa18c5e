"""exoactor_rt: a video of a person becomes motion that a Unitree G1 executes."""

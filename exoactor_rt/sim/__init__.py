"""The simulated robot: MuJoCo behind the sensors and motors of the real one."""

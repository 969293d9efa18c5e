"""The service: tasks over a local socket, from words to a rehearsed plan and on to the robot."""

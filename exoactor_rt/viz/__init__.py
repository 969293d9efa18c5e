"""Pictures and videos: pose overlays, the robot, and all side by side."""

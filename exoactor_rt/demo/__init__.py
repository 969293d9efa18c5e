"""The clip that ships with the project: a rendered person whose every joint is known exactly.

It was made by `python -m tools.demo_clip` in the repository. `truth.npz` holds, for its T frames,
in a world with z up whose origin lies under the first frame's pelvis:

- `times_s` [T] s; `height_m` the person's height;
- `keypoint_names` [18], `keypoints_in_world` [T, 18, 3] m, in the order of `types.KEYPOINTS`;
- `segment_names` [4] pelvis, torso, left_foot, right_foot and `quat_world_segment_wxyz` [T, 4, 4];
- `contact` [T, 2] the left, right foot is planted; `com_in_world` [T, 3] m centre of mass;
- `K` [3, 3] px; `R_camera_world` [3, 3] (camera x right, y down, z away);
  `camera_position_in_world` [3] m; `image_size` (width, height) px.
"""

from pathlib import Path

_FOLDER = Path(__file__).resolve().parent


def clip_path() -> Path:
    """Path of the demo clip, an H.264 file."""
    return _FOLDER / "clip.mp4"


def truth_path() -> Path:
    """Path of the exact motion, camera and contacts of the demo clip, a NumPy archive."""
    return _FOLDER / "truth.npz"

"""The room, the camera and the dressed body as a MuJoCo model, rendered off-screen.

World axes: the person stands at the origin facing x, z is up. The camera looks at the person from
the front and a little from the person's right.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

os.environ.setdefault("MUJOCO_GL", "egl")

import mujoco
import numpy as np
import numpy.typing as npt

from tools.demo_clip.body import Body
from tools.demo_clip.posing import Posture, turn

FloatArray = npt.NDArray[np.float64]

WIDTH_PX = 720
HEIGHT_PX = 720
FOV_Y_DEG = 45.0
CAMERA_AZIMUTH_RAD = np.deg2rad(-24.0)
CAMERA_DISTANCE_M = 3.35
CAMERA_HEIGHT_M = 1.3
CAMERA_PITCH_RAD = np.deg2rad(6.0)
CAMERA_TARGET_XY = (0.15, 0.0)

_COLOURS = {
    "skin": ".80 .60 .48 1",
    "hair": ".13 .09 .07 1",
    "brow": ".28 .20 .15 1",
    "eye": ".93 .93 .92 1",
    "iris": ".16 .11 .09 1",
    "shirt": ".72 .20 .16 1",
    "trousers": ".15 .20 .34 1",
    "shoe": ".60 .60 .62 1",
}
_INFLATE_M = {"shirt": 0.009, "trousers": 0.007, "hair": 0.010, "brow": 0.001, "shoe": 0.010}


def intrinsics() -> FloatArray:
    """[3, 3] px, pinhole."""
    focal = 0.5 * HEIGHT_PX / np.tan(np.deg2rad(FOV_Y_DEG) / 2.0)
    return np.array([[focal, 0, WIDTH_PX / 2], [0, focal, HEIGHT_PX / 2], [0, 0, 1.0]])


def camera_pose() -> tuple[FloatArray, FloatArray]:
    """`R_camera_world` [3, 3] (camera x right, y down, z away) and camera position [3] m."""
    away = -np.array([np.cos(CAMERA_AZIMUTH_RAD), np.sin(CAMERA_AZIMUTH_RAD), 0.0])
    position = np.array([*CAMERA_TARGET_XY, CAMERA_HEIGHT_M]) - CAMERA_DISTANCE_M * away
    up = np.array([0.0, 0.0, 1.0])
    right = np.cross(away, up)
    look = np.cos(CAMERA_PITCH_RAD) * away - np.sin(CAMERA_PITCH_RAD) * up
    return np.stack([right, np.cross(look, right), look]), position


def render(body: Body, postures: Iterable[Posture]) -> Iterator[npt.NDArray[np.uint8]]:
    """Frames [H, W, 3] RGB of the postures."""
    model = mujoco.MjModel.from_xml_string(_scene_xml(body))
    data = mujoco.MjData(model)
    mocap = [int(model.body(bone).mocapid[0]) for bone in body.bones]
    with mujoco.Renderer(model, HEIGHT_PX, WIDTH_PX) as renderer:
        for posture in postures:
            for index, bone in zip(mocap, body.bones, strict=True):
                data.mocap_pos[index] = posture.position_in_world[bone]
                rotation = posture.R_world_bone[bone].ravel()
                mujoco.mju_mat2Quat(data.mocap_quat[index], rotation)
            mujoco.mj_forward(model, data)
            renderer.update_scene(data, camera="clip")
            yield renderer.render()


def _text(values: npt.ArrayLike) -> str:
    return " ".join(f"{x:.6g}" for x in np.asarray(values, dtype=float).ravel())


def _garment(body: Body, bone: str, corners: FloatArray) -> str:
    """What covers a face [3, 3] m of the body mesh: a piece of clothing, hair or nothing ("").

    Borders are judged at a face's lowest or innermost corner, so that they follow the mesh's rings.
    """
    low = corners[:, 2].min()
    collar = body.heads["Neck"][2] - 0.018 + 0.30 * (body.heads["Neck"][0] - corners[:, 0].mean())
    if bone in ("Head", "Neck") or (bone == "Spine2" and low > collar):
        return _head_cover(body, corners) if low > body.heads["Head"][2] else ""
    if low < body.heads["LeftFoot"][2] + 0.035:
        return "shoe"
    if bone == "Hips" or bone.endswith("Leg"):
        return "trousers" if low < body.heads["Spine"][2] - 0.05 else "shirt"
    if bone.endswith("Arm") and not bone.endswith("ForeArm"):
        upper = body.heads[bone.removesuffix("Arm") + "ForeArm"] - body.heads[bone]
        along = (corners - body.heads[bone]) @ upper / (upper @ upper)
        return "shirt" if along.min() < 0.55 else ""
    if "ForeArm" in bone or "Hand" in bone:
        return ""
    return "shirt" if low > body.heads["Spine"][2] - 0.05 else "trousers"


def _head_cover(body: Body, corners: FloatArray) -> str:
    eye = body.vertices[np.unique(body.faces["helper-l-eye"])].mean(0)
    centre = corners.mean(0)
    forward, height = centre[0] - eye[0], corners[:, 2].min() - eye[2]
    hairline = 0.050 if forward > -0.045 else 0.0
    if height > hairline or (forward < -0.10 and height > -0.05):
        return "hair"
    off_centre = abs(abs(centre[1]) - abs(eye[1]))
    brow = 0.014 < centre[2] - eye[2] < 0.021 and off_centre < 0.020 and forward > -0.03
    return "brow" if brow else ""


def _groups(body: Body) -> dict[str, npt.NDArray[np.int64]]:
    """Triangles of each coloured part: the whole skin, and what lies over it."""
    dominant = body.weights.argmax(axis=1)
    parts: dict[str, list[npt.NDArray[np.int64]]] = {"skin": list(body.faces["body"])}
    for face in body.faces["body"]:
        owners = dominant[face].tolist()
        bone = body.bones[max(set(owners), key=owners.count)]
        part = _garment(body, bone, body.vertices[face])
        if part:
            parts.setdefault(part, []).append(face)
    for side in ("l", "r"):
        faces = body.faces[f"helper-{side}-eye"]
        front = body.vertices[np.unique(faces)][:, 0].max()
        for face in faces:
            part = "iris" if body.vertices[face][:, 0].min() > front - 0.0025 else "eye"
            parts.setdefault(part, []).append(face)
    return {name: np.array(faces) for name, faces in sorted(parts.items())}


def _skin_xml(body: Body, name: str, faces: npt.NDArray[np.int64]) -> str:
    used, local = np.unique(faces, return_inverse=True)
    bones = ""
    for k, bone in enumerate(body.bones):
        weight = body.weights[used, k]
        bound = np.flatnonzero(weight > 1e-3)
        if len(bound):
            bones += (
                f'<bone body="{bone}" bindpos="{_text(body.heads[bone])}" bindquat="1 0 0 0" '
                f'vertid="{" ".join(map(str, bound))}" vertweight="{_text(weight[bound])}"/>'
            )
    return (
        f'<skin name="{name}" rgba="{_COLOURS[name]}" inflate="{_INFLATE_M.get(name, 0.0)}" '
        f'vertex="{_text(body.vertices[used])}" '
        f'face="{" ".join(map(str, local.ravel()))}">{bones}</skin>'
    )


def _scene_xml(body: Body) -> str:
    R_camera_world, position = camera_pose()
    skins = "".join(_skin_xml(body, name, faces) for name, faces in _groups(body).items())
    bodies = "".join(
        f'<body name="{b}" mocap="true" pos="{_text(body.heads[b])}"/>' for b in body.bones
    )
    room = turn([0, 0, 1], CAMERA_AZIMUTH_RAD)
    quat = np.zeros(4)
    mujoco.mju_mat2Quat(quat, room.ravel())
    return f"""<mujoco>
<visual>
  <global offwidth="{WIDTH_PX}" offheight="{HEIGHT_PX}"/>
  <headlight ambient=".38 .38 .38" diffuse=".32 .32 .32" specular=".05 .05 .05"/>
  <quality shadowsize="4096" offsamples="4"/>
</visual>
<asset>
  <texture type="skybox" builtin="flat" rgb1=".8 .8 .8" rgb2=".8 .8 .8" width="64" height="64"/>
  <texture name="floor" type="2d" builtin="checker" rgb1=".56 .47 .37" rgb2=".52 .43 .33"
    width="512" height="512" mark="edge" markrgb=".42 .34 .26"/>
  <material name="floor" texture="floor" texrepeat="9 9" reflectance=".04" specular=".1"/>
  <material name="wall" rgba=".83 .82 .78 1" specular="0"/>
  <material name="wood" rgba=".40 .29 .20 1" specular=".1"/>
  <material name="frame" rgba=".27 .40 .48 1" specular=".1"/>
  <material name="leaf" rgba=".25 .42 .24 1" specular=".1"/>
</asset>
<deformable>{skins}</deformable>
<worldbody>
  <body quat="{_text(quat)}">
    <light pos="1.3 -1 3.8" dir="-.28 .25 -1" diffuse=".5 .5 .5" cutoff="34" castshadow="true"/>
    <light pos="3 -2.5 3" dir="-.7 .5 -.7" diffuse=".22 .22 .22" castshadow="false"/>
    <light pos="3 2 3" dir="-.6 -.4 -.8" diffuse=".22 .22 .22" castshadow="false"/>
    <geom type="plane" size="7 7 .1" material="floor"/>
    <geom type="box" pos="-2.4 0 1.6" size=".05 6 1.6" material="wall"/>
    <geom type="box" pos="-2.33 0 .05" size=".03 6 .05" rgba=".95 .95 .93 1"/>
    <geom type="box" pos="-2.05 1.6 .4" size=".25 .5 .4" material="wood"/>
    <geom type="box" pos="-2.33 -1.15 1.65" size=".015 .45 .34" material="frame"/>
    <geom type="cylinder" pos="-1.95 -1.85 .2" size=".17 .2" rgba=".72 .66 .58 1"/>
    <geom type="ellipsoid" pos="-1.95 -1.85 .75" size=".26 .26 .42" material="leaf"/>
  </body>
  <camera name="clip" pos="{_text(position)}" fovy="{FOV_Y_DEG}"
    xyaxes="{_text(R_camera_world[0])} {_text(-R_camera_world[1])}"/>
  {bodies}
</worldbody>
</mujoco>"""

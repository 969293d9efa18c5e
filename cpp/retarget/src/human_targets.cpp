#include <algorithm>
#include <cmath>
#include <exoactor/retarget/human_targets.hpp>
#include <stdexcept>
#include <string>

namespace exoactor {
namespace {

// Order of KEYPOINTS and SEGMENTS in exoactor_rt/types.py; right follows left.
enum Keypoint { kPelvis = 0, kShoulder = 3, kElbow = 5, kWrist = 7, kHip = 9, kKnee = 11, kAnkle = 13 };
enum Segment { kPelvisSegment = 0, kTorsoSegment = 1, kFootSegment = 2, kHandSegment = 4 };

Eigen::Vector3d keypoint(const HumanMotion& motion, int frame, int index) {
  return motion.keypoints_in_world.block<1, 3>(frame, 3 * index).transpose();
}

Eigen::Matrix3d attitude(const HumanMotion& motion, int frame, int segment) {
  const auto q = motion.quat_world_segment_wxyz.block<1, 4>(frame, 4 * segment);
  return Eigen::Quaterniond(q[0], q[1], q[2], q[3]).normalized().toRotationMatrix();
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::array<int, 2> pair_of(const KinematicTree& tree, const std::string& link) {
  return {tree.body("left_" + link), tree.body("right_" + link)};
}

// Unit direction of a limb; a limb of no length points down.
Eigen::Vector3d direction(const Eigen::Vector3d& limb) {
  const double length = limb.norm();
  return length < 1e-6 ? Eigen::Vector3d(0, 0, -1) : Eigen::Vector3d(limb / length);
}

// Turn about the joint at the origin of `middle` that lays the lower limb along the upper one.
double straight_angle(const KinematicTree& tree, const BodyPoses& bodies, int upper, int middle,
                      int lower) {
  const Eigen::Vector3d& axis = tree.spec(middle).joint_axis_in_body;
  const Eigen::Matrix3d R_middle_world = bodies.R_world_body[middle].transpose();
  const auto& p = bodies.position_in_world;
  const Eigen::Vector3d along = R_middle_world * (p[middle] - p[upper]);
  const Eigen::Vector3d limb = R_middle_world * (p[lower] - p[middle]);
  const Eigen::Vector3d along_flat = along - along.dot(axis) * axis;
  const Eigen::Vector3d limb_flat = limb - limb.dot(axis) * axis;
  return std::atan2(axis.dot(limb_flat.cross(along_flat)), limb_flat.dot(along_flat));
}

FootTarget raw_foot(const HumanMotion& motion, int frame, int side, const HumanScale& human) {
  const Eigen::Vector3d ankle = keypoint(motion, frame, kAnkle + side);
  Eigen::Vector3d outwards = attitude(motion, frame, kPelvisSegment).col(1) * (side == 0 ? 1 : -1);
  outwards.z() = 0;
  FootTarget foot;
  foot.position_in_world = human.scale * ankle + human.stance_widening_m * direction(outwards);
  foot.position_in_world.z() = human.scale * (ankle.z() - human.ankle_height_m) + kAnkleHeight;
  foot.R_world_foot = attitude(motion, frame, kFootSegment + side);
  foot.contact = motion.contact(frame, side) != 0;
  return foot;
}

}  // namespace

RobotLandmarks::RobotLandmarks(const KinematicTree& tree)
    : torso(tree.body("torso_link")),
      hip(pair_of(tree, "hip_roll_link")),
      knee(pair_of(tree, "knee_link")),
      foot(pair_of(tree, "ankle_roll_link")),
      shoulder(pair_of(tree, "shoulder_roll_link")),
      elbow(pair_of(tree, "elbow_link")),
      wrist(pair_of(tree, "wrist_pitch_link")),
      hand(pair_of(tree, "wrist_yaw_link")) {
  BodyPoses bodies;
  forward_kinematics(tree, RobotPose{}, bodies);
  const auto& p = bodies.position_in_world;
  hip_centre_in_root = 0.5 * (p[hip[0]] + p[hip[1]]);
  hip_half_width_m = 0.5 * (p[hip[0]] - p[hip[1]]).norm();
  thigh_m = (p[knee[0]] - p[hip[0]]).norm();
  shank_m = (p[foot[0]] - p[knee[0]]).norm();
  upper_arm_m = (p[elbow[0]] - p[shoulder[0]]).norm();
  forearm_m = (p[wrist[0]] - p[elbow[0]]).norm();
  straight_knee_rad = straight_angle(tree, bodies, hip[0], knee[0], foot[0]);
  straight_elbow_rad = straight_angle(tree, bodies, shoulder[0], elbow[0], wrist[0]);
}

HumanScale measure_human(const HumanMotion& motion, const RobotLandmarks& robot) {
  const int frames = static_cast<int>(motion.keypoints_in_world.rows());
  if (frames == 0) throw std::invalid_argument("retarget: motion has no frames");
  std::vector<double> legs, hip_widths, standing, ankles;
  for (int t = 0; t < frames; ++t) {
    hip_widths.push_back((keypoint(motion, t, kHip) - keypoint(motion, t, kHip + 1)).norm());
    for (int side = 0; side < 2; ++side) {
      const Eigen::Vector3d knee = keypoint(motion, t, kKnee + side);
      const Eigen::Vector3d ankle = keypoint(motion, t, kAnkle + side);
      legs.push_back((knee - keypoint(motion, t, kHip + side)).norm() + (ankle - knee).norm());
      ankles.push_back(ankle.z());
      if (motion.contact(t, side)) standing.push_back(ankle.z());
    }
  }
  const double leg = median(legs);
  if (!(leg > 0.2 && leg < 1.5))
    throw std::invalid_argument("retarget: leg length " + std::to_string(leg) +
                                " m, allowed 0.2 .. 1.5 m");
  HumanScale human;
  human.scale = (robot.thigh_m + robot.shank_m) / leg;
  human.ankle_height_m =
      standing.empty() ? *std::min_element(ankles.begin(), ankles.end()) : median(standing);
  human.stance_widening_m = robot.hip_half_width_m - 0.5 * human.scale * median(hip_widths);
  return human;
}

std::vector<FrameTargets> make_targets(const HumanMotion& motion, const RobotLandmarks& robot,
                                       const RetargetOptions& options) {
  const HumanScale human = measure_human(motion, robot);
  const int frames = static_cast<int>(motion.keypoints_in_world.rows());
  std::vector<FrameTargets> targets(frames);
  for (int side = 0; side < 2; ++side) {
    std::vector<FootTarget> path(frames);
    for (int t = 0; t < frames; ++t) path[t] = raw_foot(motion, t, side, human);
    latch_foot_path(motion.rate_hz, options, path);
    for (int t = 0; t < frames; ++t) targets[t].foot[side] = path[t];
  }
  for (int t = 0; t < frames; ++t) {
    FrameTargets& target = targets[t];
    target.hip_centre_in_world = human.scale * keypoint(motion, t, kPelvis);
    target.hip_centre_in_world.z() -= human.scale * human.ankle_height_m - kAnkleHeight;
    target.R_world_pelvis = attitude(motion, t, kPelvisSegment);
    target.R_world_torso = attitude(motion, t, kTorsoSegment);
    for (int side = 0; side < 2; ++side) {
      const auto limb = [&](int from, int to) {
        return direction(keypoint(motion, t, to + side) - keypoint(motion, t, from + side));
      };
      target.shank_in_world[side] = robot.shank_m * limb(kKnee, kAnkle);
      target.upper_arm_in_world[side] = robot.upper_arm_m * limb(kShoulder, kElbow);
      target.arm_in_world[side] =
          target.upper_arm_in_world[side] + robot.forearm_m * limb(kElbow, kWrist);
      target.R_world_hand[side] = attitude(motion, t, kHandSegment + side);
    }
  }
  return targets;
}

}  // namespace exoactor

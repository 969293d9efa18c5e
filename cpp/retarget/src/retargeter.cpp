#include <algorithm>
#include <cmath>
#include <exoactor/retarget/arm_clearance.hpp>
#include <exoactor/retarget/retargeter.hpp>
#include <exoactor/retarget/rotation.hpp>
#include <exoactor/retarget/trajectory_smoothing.hpp>
#include <limits>
#include <utility>

namespace exoactor {
namespace {

constexpr double kRootDamping = 0.05;  // of the joints'
constexpr double kLargestStep = 0.6;   // rad or m in one iteration

Eigen::Vector3d attitude_difference(const BodyPoses& bodies, int body,
                                    const Eigen::Matrix3d& R_world_target) {
  return vector_from_rotation(R_world_target * bodies.R_world_body[body].transpose());
}

void add_attitude(const KinematicTree& tree, const BodyPoses& bodies, int body,
                  const Eigen::Matrix3d& R_world_target, double weight,
                  NormalEquations& equations) {
  SparseJacobian jacobian;
  attitude_jacobian(tree, bodies, body, jacobian);
  equations.add(jacobian, attitude_difference(bodies, body, R_world_target), weight);
}

void add_vector(const KinematicTree& tree, const BodyPoses& bodies, int from, int to,
                const Eigen::Vector3d& target, double weight, NormalEquations& equations) {
  SparseJacobian jacobian;
  vector_jacobian(tree, bodies, from, to, jacobian);
  equations.add(jacobian, target - (bodies.position_in_world[to] - bodies.position_in_world[from]),
                weight);
}

}  // namespace

Retargeter::Retargeter(KinematicTree tree, SelfCollision collision, const HumanMotion& motion,
                       const RetargetOptions& options)
    : tree_(std::move(tree)),
      collision_(std::move(collision)),
      robot_(tree_),
      options_(options),
      targets_(make_targets(motion, robot_, options)) {
  const int frames = num_frames();
  reference_.rate_hz = motion.rate_hz;
  reference_.root_position_in_world.resize(frames, 3);
  reference_.quat_world_root_wxyz.resize(frames, 4);
  reference_.joint_position.resize(frames, kNumJoints);
  reference_.contact = motion.contact;
  report_.resize(frames);
  set_range();
}

// Starts from where the last two frames lead.
void Retargeter::extrapolate() {
  pose_.joint_position = (2 * last_ - before_last_).cwiseMax(lower_).cwiseMin(upper_);
  const auto& root = reference_.root_position_in_world;
  pose_.root_position_in_world = (2 * root.row(frame_ - 1) - root.row(frame_ - 2)).transpose();
}

// Knees and elbows end where the limb is stretched: beyond lies a mirrored solution that no person
// has, and from which there is no smooth way back.
void Retargeter::set_range() {
  for (int joint = 0; joint < kNumJoints; ++joint) {
    range_lower_[joint] = kJointTable[joint].lower_rad + options_.limit_margin_rad;
    range_upper_[joint] = kJointTable[joint].upper_rad - options_.limit_margin_rad;
  }
  for (int side = 0; side < 2; ++side) {
    double& knee = range_lower_[robot_.knee[side] - 1];
    double& elbow = range_upper_[robot_.elbow[side] - 1];
    knee = std::max(knee, robot_.straight_knee_rad);
    elbow = std::min(elbow, robot_.straight_elbow_rad);
  }
}

void Retargeter::start(const FrameTargets& targets) {
  pose_.R_world_root = targets.R_world_pelvis;
  pose_.root_position_in_world =
      targets.hip_centre_in_world - pose_.R_world_root * robot_.hip_centre_in_root;
  pose_.joint_position.setZero();
  for (int side = 0; side < 2; ++side) {
    pose_.joint_position[robot_.knee[side] - 1] = 0.3;
    pose_.joint_position[robot_.elbow[side] - 1] = 0.8;
  }
}

void Retargeter::set_bounds() {
  for (int joint = 0; joint < kNumJoints; ++joint) {
    lower_[joint] = range_lower_[joint];
    upper_[joint] = range_upper_[joint];
  }
  if (frame_ > 0) keep_in_reach(last_);
}

void Retargeter::keep_in_reach(const JointVector& from) {
  for (int joint = 0; joint < kNumJoints; ++joint) {
    const double reach =
        options_.velocity_fraction * kJointTable[joint].velocity_rad_s / reference_.rate_hz;
    lower_[joint] = std::max(lower_[joint], from[joint] - reach);
    upper_[joint] = std::min(upper_[joint], from[joint] + reach);
  }
}

void Retargeter::add_feet(const FrameTargets& targets) {
  SparseJacobian jacobian;
  for (int side = 0; side < 2; ++side) {
    const FootTarget& target = targets.foot[side];
    const int body = robot_.foot[side];
    const Eigen::Vector3d& origin = bodies_.position_in_world[body];
    const Eigen::Matrix3d& R_world_foot = bodies_.R_world_body[body];
    if (!target.contact) {
      point_jacobian(tree_, bodies_, body, origin, jacobian);
      equations_.add(jacobian, target.position_in_world - origin, options_.swing_foot_weight);
      add_attitude(tree_, bodies_, body, target.R_world_foot, options_.swing_attitude_weight,
                   equations_);
    }
    for (const Eigen::Vector3d& corner : kSoleCorners) {
      const Eigen::Vector3d point = origin + R_world_foot * corner;
      const double below = target.clearance_m - point.z();
      if (!target.contact && below <= 0) continue;
      point_jacobian(tree_, bodies_, body, point, jacobian);
      if (target.contact)
        equations_.add(jacobian, target.position_in_world + target.R_world_foot * corner - point,
                       options_.contact_weight);
      if (below > 0)
        equations_.add_along(jacobian, Eigen::Vector3d::UnitZ(), below, options_.ground_weight);
    }
  }
}

void Retargeter::add_regularisation() {
  for (int joint = 0; joint < kNumJoints; ++joint) {
    const double q = pose_.joint_position[joint];
    equations_.add_single(6 + joint, -q, options_.posture_weight);
    if (frame_ == 0) continue;
    equations_.add_single(6 + joint, last_[joint] - q, options_.velocity_weight);
    equations_.add_single(6 + joint, 2 * last_[joint] - before_last_[joint] - q,
                          options_.acceleration_weight);
  }
}

void Retargeter::build(const FrameTargets& targets, FrameReport& report) {
  equations_.clear();
  SparseJacobian jacobian;
  const Eigen::Vector3d hip_centre =
      pose_.root_position_in_world + pose_.R_world_root * robot_.hip_centre_in_root;
  point_jacobian(tree_, bodies_, 0, hip_centre, jacobian);
  equations_.add(jacobian, targets.hip_centre_in_world - hip_centre, options_.hip_centre_weight);
  add_attitude(tree_, bodies_, 0, targets.R_world_pelvis, options_.pelvis_weight, equations_);
  add_attitude(tree_, bodies_, robot_.torso, targets.R_world_torso, options_.torso_weight,
               equations_);
  for (int side = 0; side < 2; ++side) {
    add_vector(tree_, bodies_, robot_.knee[side], robot_.foot[side], targets.shank_in_world[side],
               options_.shank_weight, equations_);
    add_vector(tree_, bodies_, robot_.shoulder[side], robot_.elbow[side],
               targets.upper_arm_in_world[side], options_.upper_arm_weight, equations_);
    add_vector(tree_, bodies_, robot_.shoulder[side], robot_.wrist[side],
               targets.arm_in_world[side], options_.arm_weight, equations_);
  }
  add_feet(targets);
  report.close_pairs =
      collision_.add_tasks(tree_, bodies_, {options_.arm_margin_m, options_.collision_margin_m},
                           options_.collision_weight, equations_);
  add_regularisation();
}

// The wrist's roll, pitch and yaw turn about x, y and z of the forearm: angles in closed form. Kept
// out of the solver, so that a wrong hand attitude cannot twist arm and trunk.
void Retargeter::turn_wrists(const FrameTargets& targets) {
  for (int side = 0; side < 2; ++side) {
    const Eigen::Matrix3d R_forearm_hand =
        bodies_.R_world_body[robot_.elbow[side]].transpose() * targets.R_world_hand[side];
    const int roll = robot_.hand[side] - 3;  // body b is moved by joint b - 1
    Eigen::Vector3d angles;
    angles[0] = std::atan2(-R_forearm_hand(1, 2), R_forearm_hand(2, 2));
    angles[1] = std::asin(std::clamp(R_forearm_hand(0, 2), -1.0, 1.0));
    angles[2] = std::atan2(-R_forearm_hand(0, 1), R_forearm_hand(0, 0));
    angles = angles.cwiseMax(lower_.segment<3>(roll)).cwiseMin(upper_.segment<3>(roll));
    if (frame_ > 0) {
      const auto last = last_.segment<3>(roll).array();
      const double reach = options_.wrist_rate_rad_s / reference_.rate_hz;
      angles = angles.array().max(last - reach).min(last + reach);
    }
    pose_.joint_position.segment<3>(roll) = angles;
  }
}

double Retargeter::advance(const VariableVector& step) {
  const double largest = step.cwiseAbs().maxCoeff();
  const double fraction = largest > kLargestStep ? kLargestStep / largest : 1;
  pose_.root_position_in_world += fraction * step.head<3>();
  pose_.R_world_root = rotation_from_vector(fraction * step.segment<3>(3)) * pose_.R_world_root;
  pose_.joint_position += fraction * step.tail<kNumJoints>();
  pose_.joint_position = pose_.joint_position.cwiseMax(lower_).cwiseMin(upper_);
  return largest;
}

void Retargeter::measure(const FrameTargets& targets, FrameReport& report) const {
  const auto& p = bodies_.position_in_world;
  const Eigen::Vector3d hip_centre =
      pose_.root_position_in_world + pose_.R_world_root * robot_.hip_centre_in_root;
  report.hip_centre_error_m = (targets.hip_centre_in_world - hip_centre).norm();
  report.pelvis_error_rad = attitude_difference(bodies_, 0, targets.R_world_pelvis).norm();
  report.torso_error_rad = attitude_difference(bodies_, robot_.torso, targets.R_world_torso).norm();
  for (int side = 0; side < 2; ++side) {
    const Eigen::Vector3d foot = targets.foot[side].position_in_world - p[robot_.foot[side]];
    const Eigen::Vector3d arm =
        targets.arm_in_world[side] - (p[robot_.wrist[side]] - p[robot_.shoulder[side]]);
    report.foot_error_m = std::max(report.foot_error_m, foot.norm());
    report.arm_error_m = std::max(report.arm_error_m, arm.norm());
  }
  for (int joint = 0; joint < kNumJoints; ++joint) {
    const double q = pose_.joint_position[joint];
    const JointSpec& spec = kJointTable[joint];
    const double near = 10 * options_.limit_margin_rad;
    report.at_limit[joint] = q < spec.lower_rad + near || q > spec.upper_rad - near;
    report.at_rate[joint] = (q <= lower_[joint] && lower_[joint] > range_lower_[joint]) ||
                            (q >= upper_[joint] && upper_[joint] < range_upper_[joint]);
  }
}

// Levenberg-Marquardt: a step that raised the cost is taken back and damped more.
void Retargeter::minimise(const FrameTargets& targets, FrameReport& report) {
  const int limit = frame_ == 0 ? options_.first_frame_iterations : options_.max_iterations;
  double damping = options_.damping, best_cost = std::numeric_limits<double>::infinity();
  VariableVector step;
  while (report.iterations < limit) {
    ++report.iterations;
    build(targets, report);
    if (equations_.cost <= best_cost) {
      best_cost = equations_.cost;
      best_pose_ = pose_;
      best_equations_ = equations_;
      damping = std::max(damping / 4, options_.damping);
    } else {
      pose_ = best_pose_;
      equations_ = best_equations_;
      damping *= 8;
    }
    for (int i = 0; i < 6; ++i) equations_.hessian(i, i) += kRootDamping * damping;
    for (int i = 6; i < kNumVariables; ++i) equations_.hessian(i, i) += damping;
    step_lower_ = lower_ - pose_.joint_position;
    step_upper_ = upper_ - pose_.joint_position;
    for (const int hand : robot_.hand) {
      step_lower_.segment<3>(hand - 3).setZero();
      step_upper_.segment<3>(hand - 3).setZero();
    }
    if (!solver_.solve(equations_, step_lower_, step_upper_, step)) break;
    const double largest = advance(step);
    forward_kinematics(tree_, pose_, bodies_);
    if (largest < options_.convergence_rad) return;
  }
  pose_ = best_pose_;
}

void Retargeter::step() {
  if (frame_ == num_frames()) return;
  const FrameTargets& targets = targets_[frame_];
  FrameReport& report = report_[frame_];
  if (frame_ == 0) start(targets);
  set_bounds();
  if (frame_ > 1) extrapolate();
  forward_kinematics(tree_, pose_, bodies_);
  minimise(targets, report);
  turn_wrists(targets);
  forward_kinematics(tree_, pose_, bodies_);
  measure(targets, report);

  before_last_ = frame_ == 0 ? pose_.joint_position : last_;
  last_ = pose_.joint_position;
  Eigen::Quaterniond q(pose_.R_world_root);
  if (q.dot(last_quat_) < 0) q.coeffs() = -q.coeffs();
  last_quat_ = q;
  reference_.root_position_in_world.row(frame_) = pose_.root_position_in_world.transpose();
  reference_.quat_world_root_wxyz.row(frame_) << q.w(), q.x(), q.y(), q.z();
  reference_.joint_position.row(frame_) = pose_.joint_position.transpose();
  ++frame_;
}

Reference Retargeter::finish() {
  smooth_upper_body(options_.smoothing_s, reference_);
  if (options_.arm_clearance_m > 0) clear_arms();
  return std::move(reference_);
}

// Smoothing and the wrists' turn may bring arms back to the body.
void Retargeter::clear_arms() {
  JointVector reach;
  for (int joint = 0; joint < kNumJoints; ++joint)
    reach[joint] =
        options_.velocity_fraction * kJointTable[joint].velocity_rad_s / reference_.rate_hz;
  clear_motion(tree_, collision_, options_.arm_clearance_m, options_.smoothing_s,
               {range_lower_, range_upper_, reach}, reference_);
}

}  // namespace exoactor

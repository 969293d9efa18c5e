#include <Eigen/Geometry>
#include <exoactor/retarget/kinematics.hpp>
#include <stdexcept>
#include <utility>

namespace exoactor {

KinematicTree::KinematicTree(std::vector<BodySpec> bodies) : bodies_(std::move(bodies)) {
  if (bodies_.size() != kNumBodies)
    throw std::invalid_argument("kinematic tree: " + std::to_string(bodies_.size()) +
                                " bodies, expected " + std::to_string(kNumBodies));
  for (int body = 1; body < kNumBodies; ++body) {
    const int parent = bodies_[body].parent;
    if (parent < 0 || parent >= body)
      throw std::invalid_argument("kinematic tree: parent of " + bodies_[body].name +
                                  " does not come before it");
    if (chain_length_[parent] + 1 > kMaxChain)
      throw std::invalid_argument("kinematic tree: chain to " + bodies_[body].name + " too long");
    chain_[body] = chain_[parent];
    chain_[body][chain_length_[parent]] = body;
    chain_length_[body] = chain_length_[parent] + 1;
  }
}

int KinematicTree::body(const std::string& name) const {
  for (int i = 0; i < kNumBodies; ++i)
    if (bodies_[i].name == name) return i;
  throw std::invalid_argument("kinematic tree: no body named " + name);
}

void forward_kinematics(const KinematicTree& tree, const RobotPose& pose, BodyPoses& bodies) {
  bodies.position_in_world[0] = pose.root_position_in_world;
  bodies.R_world_body[0] = pose.R_world_root;
  for (int body = 1; body < kNumBodies; ++body) {
    const BodySpec& spec = tree.spec(body);
    const Eigen::Matrix3d& R_world_parent = bodies.R_world_body[spec.parent];
    bodies.position_in_world[body] =
        bodies.position_in_world[spec.parent] + R_world_parent * spec.position_in_parent;
    const Eigen::Matrix3d R_world_joint = R_world_parent * spec.R_parent_body;
    bodies.joint_axis_in_world[body] = R_world_joint * spec.joint_axis_in_body;
    bodies.R_world_body[body].noalias() =
        R_world_joint *
        Eigen::AngleAxisd(pose.joint_position[body - 1], spec.joint_axis_in_body).toRotationMatrix();
  }
}

namespace {

void push_root_rotation(const Eigen::Vector3d& lever, SparseJacobian& jacobian) {
  for (int axis = 0; axis < 3; ++axis)
    jacobian.push(3 + axis, Eigen::Vector3d::Unit(axis).cross(lever));
}

int variable_of(int body) { return 5 + body; }

}  // namespace

void point_jacobian(const KinematicTree& tree, const BodyPoses& bodies, int body,
                    const Eigen::Vector3d& point_in_world, SparseJacobian& jacobian) {
  jacobian.size = 0;
  for (int axis = 0; axis < 3; ++axis) jacobian.push(axis, Eigen::Vector3d::Unit(axis));
  push_root_rotation(point_in_world - bodies.position_in_world[0], jacobian);
  for (int i = 0; i < tree.chain_length(body); ++i) {
    const int joint = tree.chain(body, i);
    jacobian.push(variable_of(joint), bodies.joint_axis_in_world[joint].cross(
                                          point_in_world - bodies.position_in_world[joint]));
  }
}

void vector_jacobian(const KinematicTree& tree, const BodyPoses& bodies, int ancestor, int body,
                     SparseJacobian& jacobian) {
  jacobian.size = 0;
  const Eigen::Vector3d& end = bodies.position_in_world[body];
  const Eigen::Vector3d vector = end - bodies.position_in_world[ancestor];
  push_root_rotation(vector, jacobian);
  for (int i = 0; i < tree.chain_length(body); ++i) {
    const int joint = tree.chain(body, i);
    const bool moves_both = i < tree.chain_length(ancestor);
    const Eigen::Vector3d lever = moves_both ? vector : end - bodies.position_in_world[joint];
    jacobian.push(variable_of(joint), bodies.joint_axis_in_world[joint].cross(lever));
  }
}

void attitude_jacobian(const KinematicTree& tree, const BodyPoses& bodies, int body,
                       SparseJacobian& jacobian) {
  jacobian.size = 0;
  for (int axis = 0; axis < 3; ++axis) jacobian.push(3 + axis, Eigen::Vector3d::Unit(axis));
  for (int i = 0; i < tree.chain_length(body); ++i) {
    const int joint = tree.chain(body, i);
    jacobian.push(variable_of(joint), bodies.joint_axis_in_world[joint]);
  }
}

}  // namespace exoactor

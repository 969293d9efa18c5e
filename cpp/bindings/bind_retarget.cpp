#include <pybind11/eigen.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <chrono>
#include <exoactor/retarget/arm_clearance.hpp>
#include <exoactor/retarget/retargeter.hpp>
#include <stdexcept>

namespace py = pybind11;

namespace exoactor {
namespace {

template <int Columns>
using Rows = Eigen::Matrix<double, Eigen::Dynamic, Columns, Eigen::RowMajor>;
using Flags = Eigen::Matrix<int, Eigen::Dynamic, 2, Eigen::RowMajor>;
using JointFlags = Eigen::Matrix<bool, Eigen::Dynamic, kNumJoints, Eigen::RowMajor>;

KinematicTree make_tree(const std::vector<std::string>& names, const std::vector<int>& parents,
                        const Rows<3>& positions, const Rows<4>& quats_wxyz, const Rows<3>& axes) {
  const auto count = static_cast<Eigen::Index>(names.size());
  if (static_cast<Eigen::Index>(parents.size()) != count || positions.rows() != count ||
      quats_wxyz.rows() != count || axes.rows() != count)
    throw std::invalid_argument(
        "kinematic tree: names, parents, positions, quats and axes differ "
        "in length");
  std::vector<BodySpec> bodies(names.size());
  for (Eigen::Index i = 0; i < count; ++i) {
    const auto q = quats_wxyz.row(i);
    bodies[i] = {names[i], parents[i], positions.row(i).transpose(),
                 Eigen::Quaterniond(q[0], q[1], q[2], q[3]).normalized().toRotationMatrix(),
                 axes.row(i).transpose()};
  }
  return KinematicTree(std::move(bodies));
}

// Calls `visit(frame, bodies)` with the body poses of every frame.
template <typename Visitor>
void for_each_pose(const KinematicTree& tree, const Rows<3>& root_position,
                   const Rows<4>& quat_wxyz, const Rows<kNumJoints>& joint_position,
                   const Visitor& visit) {
  const Eigen::Index frames = root_position.rows();
  if (quat_wxyz.rows() != frames || joint_position.rows() != frames)
    throw std::invalid_argument(
        "kinematics: root positions, quaternions and joint positions "
        "differ in length");
  RobotPose pose;
  BodyPoses bodies;
  for (Eigen::Index t = 0; t < frames; ++t) {
    const auto q = quat_wxyz.row(t);
    pose.root_position_in_world = root_position.row(t).transpose();
    pose.R_world_root = Eigen::Quaterniond(q[0], q[1], q[2], q[3]).normalized().toRotationMatrix();
    pose.joint_position = joint_position.row(t).transpose();
    forward_kinematics(tree, pose, bodies);
    visit(t, bodies);
  }
}

std::pair<py::array_t<double>, py::array_t<double>> forward(
    const KinematicTree& tree, const Rows<3>& root_position, const Rows<4>& quat_wxyz,
    const Rows<kNumJoints>& joint_position) {
  const py::ssize_t frames = root_position.rows();
  py::array_t<double> positions({frames, py::ssize_t{kNumBodies}, py::ssize_t{3}});
  py::array_t<double> quats({frames, py::ssize_t{kNumBodies}, py::ssize_t{4}});
  double *position = positions.mutable_data(), *quat = quats.mutable_data();
  {
    py::gil_scoped_release release;
    for_each_pose(tree, root_position, quat_wxyz, joint_position,
                  [&](Eigen::Index, const BodyPoses& bodies) {
                    for (int body = 0; body < kNumBodies; ++body) {
                      const Eigen::Quaterniond q(bodies.R_world_body[body]);
                      for (int i = 0; i < 3; ++i) *position++ = bodies.position_in_world[body][i];
                      for (const double value : {q.w(), q.x(), q.y(), q.z()}) *quat++ = value;
                    }
                  });
  }
  return {positions, quats};
}

SelfCollision make_collision(const std::vector<int>& bodies, const Rows<3>& starts,
                             const Rows<3>& ends, const std::vector<double>& radii_m,
                             const std::vector<double>& margins_m,
                             const std::vector<std::pair<int, int>>& pairs) {
  std::vector<Capsule> capsules;
  for (size_t i = 0; i < bodies.size(); ++i) {
    if (bodies[i] < 0 || bodies[i] >= kNumBodies)
      throw std::invalid_argument("self collision: capsule on body " + std::to_string(bodies[i]));
    const auto row = static_cast<Eigen::Index>(i);
    capsules.push_back({bodies[i], starts.row(row).transpose(), ends.row(row).transpose(),
                        radii_m.at(i), margins_m.at(i)});
  }
  return SelfCollision(std::move(capsules), pairs);
}

Eigen::VectorXd smallest_gaps(const SelfCollision& collision, const KinematicTree& tree,
                              const Rows<3>& root_position, const Rows<4>& quat_wxyz,
                              const Rows<kNumJoints>& joint_position) {
  Eigen::VectorXd gaps(root_position.rows());
  for_each_pose(
      tree, root_position, quat_wxyz, joint_position,
      [&](Eigen::Index t, const BodyPoses& bodies) { gaps[t] = collision.smallest_gap_m(bodies); });
  return gaps;
}

/// A finished run: the reference, what each frame reported, and how long each took.
struct RetargetResult {
  Reference reference;
  std::vector<FrameReport> frames;
  Eigen::VectorXd time_s;

  template <typename Value, typename Getter>
  Eigen::Matrix<Value, Eigen::Dynamic, 1> column(const Getter& get) const {
    Eigen::Matrix<Value, Eigen::Dynamic, 1> values(static_cast<Eigen::Index>(frames.size()));
    for (size_t t = 0; t < frames.size(); ++t)
      values[static_cast<Eigen::Index>(t)] = get(frames[t]);
    return values;
  }

  JointFlags flags(std::array<bool, kNumJoints> FrameReport::* member) const {
    JointFlags values(static_cast<Eigen::Index>(frames.size()), kNumJoints);
    for (size_t t = 0; t < frames.size(); ++t)
      for (int j = 0; j < kNumJoints; ++j)
        values(static_cast<Eigen::Index>(t), j) = (frames[t].*member)[j];
    return values;
  }
};

Retargeter make_retargeter(const KinematicTree& tree, const SelfCollision& collision,
                           double rate_hz,
                           const Rows<HumanMotion::kNumKeypoints * 3>& keypoints_in_world,
                           const Rows<HumanMotion::kNumSegments * 4>& quat_world_segment_wxyz,
                           const Flags& contact, const RetargetOptions& options) {
  return Retargeter(tree, collision,
                    {rate_hz, keypoints_in_world, quat_world_segment_wxyz, contact}, options);
}

void solve_frames(Retargeter& retargeter, int count) {
  for (int i = 0; i < count; ++i) retargeter.step();
}

RetargetResult retarget(const KinematicTree& tree, const SelfCollision& collision, double rate_hz,
                        const Rows<HumanMotion::kNumKeypoints * 3>& keypoints_in_world,
                        const Rows<HumanMotion::kNumSegments * 4>& quat_world_segment_wxyz,
                        const Flags& contact, const RetargetOptions& options) {
  using Clock = std::chrono::steady_clock;
  Retargeter retargeter = make_retargeter(tree, collision, rate_hz, keypoints_in_world,
                                          quat_world_segment_wxyz, contact, options);
  RetargetResult result;
  result.time_s.resize(retargeter.num_frames());
  for (int t = 0; t < retargeter.num_frames(); ++t) {
    const auto begin = Clock::now();
    retargeter.step();
    result.time_s[t] = std::chrono::duration<double>(Clock::now() - begin).count();
  }
  result.frames = retargeter.report();
  result.reference = retargeter.finish();
  return result;
}

Rows<kNumJoints> clear_arms(const KinematicTree& tree, const SelfCollision& collision,
                            const Reference& reference, double clearance_m, double smoothing_s,
                            double velocity_fraction) {
  ArmBounds bounds;
  for (int joint = 0; joint < kNumJoints; ++joint) {
    const auto& limits = kJointTable[joint];
    bounds.lower[joint] = limits.lower_rad;
    bounds.upper[joint] = limits.upper_rad;
    bounds.reach[joint] = velocity_fraction * limits.velocity_rad_s / reference.rate_hz;
  }
  Reference cleared = reference;
  clear_motion(tree, collision, clearance_m, smoothing_s, bounds, cleared);
  return cleared.joint_position;
}

void bind_options(py::module_& m) {
  py::class_<RetargetOptions> options(m, "RetargetOptions",
                                      "Weights (per m^2 or rad^2) and limits of the retargeter.");
  options.def(py::init([](const py::KWArgs<py::float_>& values) {
    py::object made = py::cast(RetargetOptions{});
    for (const auto& [name, value] : values) {
      if (!py::hasattr(made, name))
        throw py::type_error("RetargetOptions has no field " + py::str(name).cast<std::string>());
      py::setattr(made, name, value);
    }
    return made.cast<RetargetOptions>();
  }));
#define EXOACTOR_OPTION(name) options.def_readwrite(#name, &RetargetOptions::name)
  EXOACTOR_OPTION(hip_centre_weight);
  EXOACTOR_OPTION(pelvis_weight);
  EXOACTOR_OPTION(torso_weight);
  EXOACTOR_OPTION(shank_weight);
  EXOACTOR_OPTION(upper_arm_weight);
  EXOACTOR_OPTION(arm_weight);
  EXOACTOR_OPTION(swing_foot_weight);
  EXOACTOR_OPTION(swing_attitude_weight);
  EXOACTOR_OPTION(contact_weight);
  EXOACTOR_OPTION(ground_weight);
  EXOACTOR_OPTION(collision_weight);
  EXOACTOR_OPTION(velocity_weight);
  EXOACTOR_OPTION(acceleration_weight);
  EXOACTOR_OPTION(posture_weight);
  EXOACTOR_OPTION(damping);
  EXOACTOR_OPTION(collision_margin_m);
  EXOACTOR_OPTION(arm_margin_m);
  EXOACTOR_OPTION(arm_clearance_m);
  EXOACTOR_OPTION(swing_clearance_m);
  EXOACTOR_OPTION(clearance_ramp_s);
  EXOACTOR_OPTION(velocity_fraction);
  EXOACTOR_OPTION(wrist_rate_rad_s);
  EXOACTOR_OPTION(limit_margin_rad);
  EXOACTOR_OPTION(smoothing_s);
  EXOACTOR_OPTION(max_iterations);
  EXOACTOR_OPTION(first_frame_iterations);
  EXOACTOR_OPTION(convergence_rad);
#undef EXOACTOR_OPTION
}

void bind_result(py::module_& m) {
  using Result = RetargetResult;
  py::class_<Result>(m, "RetargetResult", "A finished run: reference, frame reports, frame times.")
      .def_property_readonly(
          "root_position_in_world",
          [](const Result& r) { return r.reference.root_position_in_world; }, "[T, 3] m")
      .def_property_readonly(
          "quat_world_root_wxyz", [](const Result& r) { return r.reference.quat_world_root_wxyz; },
          "[T, 4]")
      .def_property_readonly(
          "joint_position", [](const Result& r) { return r.reference.joint_position; },
          "[T, 29] rad, SDK order")
      .def_readonly("time_s", &Result::time_s, "[T] s, time each frame took")
      .def_property_readonly("at_limit",
                             [](const Result& r) { return r.flags(&FrameReport::at_limit); })
      .def_property_readonly("at_rate",
                             [](const Result& r) { return r.flags(&FrameReport::at_rate); })
#define EXOACTOR_COLUMN(type, name) \
  def_property_readonly(            \
      #name, [](const Result& r) { return r.column<type>([](const auto& f) { return f.name; }); })
      .EXOACTOR_COLUMN(int, iterations)
      .EXOACTOR_COLUMN(int, close_pairs)
      .EXOACTOR_COLUMN(double, hip_centre_error_m)
      .EXOACTOR_COLUMN(double, pelvis_error_rad)
      .EXOACTOR_COLUMN(double, torso_error_rad)
      .EXOACTOR_COLUMN(double, foot_error_m)
      .EXOACTOR_COLUMN(double, arm_error_m);
#undef EXOACTOR_COLUMN
}

}  // namespace

void bind_retarget(py::module_& m) {
  m.doc() = "Human motion to robot motion.";
  bind_options(m);
  bind_result(m);
  py::class_<KinematicTree>(m, "Kinematics", "The robot's geometry and forward kinematics.")
      .def(py::init(&make_tree), py::arg("names"), py::arg("parents"), py::arg("positions"),
           py::arg("quats_wxyz"), py::arg("axes"))
      .def("body", &KinematicTree::body, py::arg("name"), "Index of a body by name.")
      .def("forward", &forward, py::arg("root_position_in_world"), py::arg("quat_world_root_wxyz"),
           py::arg("joint_position"),
           "All body poses: positions [T, 30, 3] m and attitudes [T, 30, 4] wxyz in the world.");
  py::class_<SelfCollision>(m, "SelfCollision", "Capsules of the robot that must not overlap.")
      .def(py::init(&make_collision), py::arg("bodies"), py::arg("starts"), py::arg("ends"),
           py::arg("radii_m"), py::arg("margins_m"), py::arg("pairs"))
      .def("smallest_gap_m", &smallest_gaps, py::arg("kinematics"),
           py::arg("root_position_in_world"), py::arg("quat_world_root_wxyz"),
           py::arg("joint_position"), py::call_guard<py::gil_scoped_release>(),
           "[T] m, the smallest gap of all pairs; negative where capsules overlap.");
  py::class_<Retargeter>(m, "Retargeter", "The solver frame by frame; `retarget` is the usual way.")
      .def(py::init(&make_retargeter), py::arg("kinematics"), py::arg("collision"),
           py::arg("rate_hz"), py::arg("keypoints_in_world"), py::arg("quat_world_segment_wxyz"),
           py::arg("contact"), py::arg("options"))
      .def("solve_frames", &solve_frames, py::arg("count"),
           py::call_guard<py::gil_scoped_release>(), "Solves the next frames; allocates nothing.");
  m.def("retarget", &retarget, py::arg("kinematics"), py::arg("collision"), py::arg("rate_hz"),
        py::arg("keypoints_in_world"), py::arg("quat_world_segment_wxyz"), py::arg("contact"),
        py::arg("options"), py::call_guard<py::gil_scoped_release>());
  m.def(
      "clear_arms",
      [](const KinematicTree& tree, const SelfCollision& collision, double rate_hz,
         const Rows<3>& root_position, const Rows<4>& quat_wxyz,
         const Rows<kNumJoints>& joint_position, double clearance_m, double smoothing_s,
         double velocity_fraction) {
        if (root_position.rows() != joint_position.rows() ||
            quat_wxyz.rows() != joint_position.rows())
          throw std::invalid_argument("clear_arms: roots, attitudes and joints differ in length");
        Reference reference;
        reference.rate_hz = rate_hz;
        reference.root_position_in_world = root_position;
        reference.quat_world_root_wxyz = quat_wxyz;
        reference.joint_position = joint_position;
        return clear_arms(tree, collision, reference, clearance_m, smoothing_s, velocity_fraction);
      },
      py::arg("kinematics"), py::arg("collision"), py::arg("rate_hz"),
      py::arg("root_position_in_world"), py::arg("quat_world_root_wxyz"), py::arg("joint_position"),
      py::arg("clearance_m"), py::arg("smoothing_s"), py::arg("velocity_fraction"),
      py::call_guard<py::gil_scoped_release>(),
      "[T, 29] rad, the joints with the arms moved off the body, the least way.");
}

}  // namespace exoactor

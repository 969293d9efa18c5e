#include <algorithm>
#include <cmath>
#include <exoactor/planning/body_track.hpp>
#include <exoactor/planning/check_plan.hpp>
#include <exoactor/planning/contact_runs.hpp>
#include <exoactor/planning/footholds.hpp>
#include <exoactor/planning/footsteps.hpp>
#include <exoactor/planning/initial_stance.hpp>
#include <exoactor/planning/level_limits.hpp>
#include <exoactor/planning/phase_layout.hpp>
#include <exoactor/planning/plan_clock.hpp>
#include <exoactor/planning/plan_motion.hpp>
#include <exoactor/planning/posture.hpp>
#include <exoactor/planning/squat_order.hpp>
#include <exoactor/planning/upright.hpp>
#include <string>

namespace exoactor {
namespace {

constexpr int kFramesMin = 5;
constexpr double kStretchMax = 2.5;
constexpr double kShift_s = 0.8;
constexpr double kDoubleSupport_s = 0.1;
constexpr double kSettle_s = 0.5;
/// From the first on, the next only where the plan would become too long.
constexpr std::array<Pacing, 4> kPacings{{{0.45, 0.25}, {0.6, 0.25}, {0.8, 0.25}, {0.8, 0.35}}};

void check_reference(const Reference& reference) {
  const Eigen::Index frames = reference.root_position_in_world.rows();
  const auto fail = [](const std::string& what) {
    throw PlanningError("reference: " + what + "; no plan is made");
  };
  if (!(reference.rate_hz >= 5.0 && reference.rate_hz <= 1000.0)) {
    fail("rate " + std::to_string(reference.rate_hz) + " Hz, allowed 5..1000");
  }
  if (frames < kFramesMin) {
    fail(std::to_string(frames) + " frames, at least " + std::to_string(kFramesMin) + " needed");
  }
  if (reference.quat_world_root_wxyz.rows() != frames ||
      reference.joint_position.rows() != frames || reference.contact.rows() != frames) {
    fail("root, joints and contacts differ in length");
  }
  if (!reference.root_position_in_world.allFinite() || !reference.joint_position.allFinite() ||
      !reference.quat_world_root_wxyz.allFinite()) {
    fail("holds values that are not finite");
  }
  const Eigen::VectorXd norms = reference.quat_world_root_wxyz.rowwise().norm();
  if ((norms.array() - 1.0).abs().maxCoeff() > 0.1) fail("root attitudes are not unit");
}

/// The plan's steps and phases; bursts are joined over longer pauses where it gets too long.
void set_steps(const std::vector<Segment>& segments, const BodyTrack& body,
               const Eigen::VectorXd& com_height, const PlannedFeet& feet,
               const LevelLimits& limits, Plan& plan) {
  const double end_s = static_cast<double>(com_height.size() - 1) / kPostureRate_hz;
  const Heading heading{body.rate_hz, heading_of(body)};
  if (!limits.steps_allowed) {
    note_left_out(segments, heading, plan.changes);
    set_body_phases({}, end_s, plan);
    return;
  }
  const Plan before = plan;
  for (const Pacing& pacing : kPacings) {
    plan = before;
    std::vector<Burst> bursts =
        shape_bursts({body, segments, heading}, feet, limits, plan.burst, pacing, plan.changes);
    order_squats(com_height, kPostureRate_hz, limits, bursts, plan.changes);
    use_pauses(com_height, kPostureRate_hz, limits, plan.burst, bursts);
    set_body_phases(bursts, end_s, plan);
    if (plan_duration_s(plan) <= kStretchMax * end_s) break;
  }
}

}  // namespace

Plan plan_motion(const Reference& reference, const RobotModel& model,
                 const JointVector& standing_position, PlanLevel level, double stride) {
  check_reference(reference);
  if (!(stride > 0.0 && stride <= 1.0)) {
    throw PlanningError("plan: stride " + std::to_string(stride) +
                        ", allowed above 0 and up to 1; no plan is made");
  }
  const LevelLimits limits = level_limits(level).with_stride(stride);
  BodyTrack body = track_body(reference, standing_position, model);
  const std::string not_upright = find_not_upright(body);
  if (!not_upright.empty()) {
    throw PlanningError("reference: not on its feet in " + not_upright + "; no plan is made");
  }
  const ContactMatrix contact = clean_contacts(reference.contact, body);

  Plan plan;
  plan.level = level;
  plan.standing_position = standing_position;
  straighten_feet(body, plan.changes);
  plan.burst = {kShift_s, kDoubleSupport_s, kSettle_s};
  const std::optional<Footstep> opening = opening_step(body, contact, limits, plan.changes);
  PlannedFeet feet;
  if (opening) feet.take(*opening);
  const std::vector<Segment> segments = extract_segments(body, contact, plan.changes);
  if (segments.empty()) {
    throw PlanningError("reference: both feet are in the air in all of its " +
                        std::to_string(body.frames()) + " frames; no plan is made");
  }

  JointVector upright_position = standing_position;
  upright_position.head<12>().setZero();
  const WantedPosture wanted =
      wanted_posture(reference, body, contact, com_height_standing(standing_position, model),
                     com_height_standing(upright_position, model));
  const double end_s = (wanted.frames() - 1) / kPostureRate_hz;
  set_steps(segments, body, wanted.com_height, feet, limits, plan);
  if (opening) add_opening(*opening, plan);
  set_posture(wanted, limits, plan);
  add_blends(limits, end_s, plan);

  const double stretch = plan_stretch(plan);
  if (stretch > kStretchMax) {
    plan.changes.push_back({"slowed down", 0.0, end_s, end_s, stretch * end_s, "s",
                            "weight shifts before and after every burst of steps"});
  }
  std::stable_sort(plan.changes.begin(), plan.changes.end(),
                   [](const PlanChange& a, const PlanChange& b) {
                     return a.reference_start_s < b.reference_start_s;
                   });
  const std::vector<std::string> violations = check_plan(plan);
  if (!violations.empty()) throw PlanningError("plan: " + violations.front());
  return plan;
}

}  // namespace exoactor

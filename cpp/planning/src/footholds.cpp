#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <exoactor/planning/footholds.hpp>
#include <exoactor/planning/smoothing.hpp>
#include <optional>

namespace exoactor {
namespace {

constexpr double kTravelMin_m = 0.05;
constexpr double kTurnMin_rad = 12.0 * M_PI / 180.0;
constexpr double kLiftMin_m = 0.05;
constexpr double kStartsInAir_s = 0.10;
constexpr double kEndsInAir_s = 0.15;
constexpr double kFlightEdge_s =
    0.30;  // a foot that lands or leaves so near a flight belongs to it
constexpr double kSegmentMin_s = 0.2;
constexpr double kSplayNoted_rad = 0.15;

struct FootPose {
  Eigen::Vector2d position = Eigen::Vector2d::Zero();
  double yaw = 0.0;
};

/// Where a foot stands during a contact run: at its begin, over its middle, at its end.
struct Foothold {
  Run frames;
  FootPose entry, middle, exit;
};

FootPose median_pose(const BodyTrack& body, int side, int first, int end) {
  const int count = std::max(end - first, 1);
  const auto block = body.ankle_in_world[side].block(first, 0, count, 2);
  return {{median_of(block.col(0)), median_of(block.col(1))},
          median_of(body.foot_yaw[side].segment(first, count))};
}

std::vector<Foothold> footholds_of(const BodyTrack& body, const ContactMatrix& contact, int side,
                                   const Run& segment) {
  std::vector<Foothold> holds;
  const Eigen::VectorXi column = contact.col(side).segment(segment.first, segment.length());
  for (Run run : runs_of(column, 1)) {
    run.first += segment.first;
    run.end += segment.first;
    const int third = std::max(2, run.length() / 3);
    const int quarter = run.length() / 4;
    const int entry_end = std::min(run.first + third, run.end);
    const int exit_first = std::max(run.end - third, run.first);
    holds.push_back({run, median_pose(body, side, run.first, entry_end),
                     median_pose(body, side, run.first + quarter, run.end - quarter),
                     median_pose(body, side, exit_first, run.end)});
  }
  return holds;
}

/// Highest clearance of the lowest sole corner over frames [first, end), above `floor`.
double lift_over(const BodyTrack& body, int side, int first, int end, double floor) {
  if (end <= first) return 0.0;
  return std::max(0.0, body.sole_height[side].segment(first, end - first).maxCoeff() - floor);
}

double stance_height(const BodyTrack& body, int side, const Foothold& hold) {
  return median_of(body.sole_height[side].segment(hold.frames.first, hold.frames.length()));
}

/// A swing before its target is known relative to the other foot.
struct Swing {
  Side side = kLeft;
  int liftoff = 0;
  int touchdown = 0;
  double lift_m = 0.0;
  std::optional<FootPose> target;
};

void find_swings(const BodyTrack& body, Side side, const std::vector<Foothold>& holds,
                 const Run& segment, bool after_flight, bool before_flight,
                 std::vector<Swing>& swings, std::vector<PlanChange>& changes) {
  if (holds.empty()) return;
  const double rate = body.rate_hz;
  const double first_edge_s = after_flight ? kFlightEdge_s : kStartsInAir_s;
  const double last_edge_s = before_flight ? kFlightEdge_s : kEndsInAir_s;
  const Foothold& first = holds.front();
  if (first.frames.first - segment.first > first_edge_s * rate) {
    const double floor = stance_height(body, side, first);
    swings.push_back({side, segment.first, first.frames.first,
                      lift_over(body, side, segment.first, first.frames.first, floor),
                      first.entry});
  }
  Foothold current = first;
  for (std::size_t i = 1; i < holds.size(); ++i) {
    const Foothold& next = holds[i];
    const double floor =
        std::min(stance_height(body, side, current), stance_height(body, side, next));
    const double lift = lift_over(body, side, current.frames.end, next.frames.first, floor);
    const double travel = (next.entry.position - current.exit.position).norm();
    const double turn = std::abs(next.entry.yaw - current.exit.yaw);
    if (travel < kTravelMin_m && turn < kTurnMin_rad && lift < kLiftMin_m) {
      changes.push_back({"small step left out", current.frames.end / rate, next.frames.first / rate,
                         travel, 0.0, "m",
                         "travels below 5 cm, turns below 12 deg, lifts below 5 cm"});
    } else {
      swings.push_back({side, current.frames.end, next.frames.first, lift, next.entry});
    }
    current = next;
  }
  if (segment.end - current.frames.end > last_edge_s * rate) {
    const double floor = stance_height(body, side, current);
    swings.push_back({side, current.frames.end, segment.end - 1,
                      lift_over(body, side, current.frames.end, segment.end, floor), std::nullopt});
  }
}

/// Where the other foot stands, stood or will first stand at frame `t`.
std::optional<FootPose> pose_at(const std::vector<Foothold>& holds, int t) {
  if (holds.empty()) return std::nullopt;
  const Foothold* last = &holds.front();
  for (const Foothold& hold : holds) {
    if (hold.frames.first <= t) last = &hold;
  }
  return t < last->frames.end ? last->middle : last->exit;
}

AskedFootstep relative_step(const Swing& swing, const std::vector<Foothold>& other_holds,
                            double rate_hz) {
  AskedFootstep step;
  step.side = swing.side;
  step.liftoff_s = swing.liftoff / rate_hz;
  step.touchdown_s = swing.touchdown / rate_hz;
  step.lift_m = swing.lift_m;
  step.unfinished = !swing.target.has_value();
  const std::optional<FootPose> other = pose_at(other_holds, swing.touchdown);
  if (swing.target) step.heading_rad = swing.target->yaw;
  if (swing.target && other) {
    const Eigen::Vector2d offset =
        Eigen::Rotation2Dd(-other->yaw) * (swing.target->position - other->position);
    step.forward_m = offset.x();
    step.lateral_m = swing.side == kLeft ? offset.y() : -offset.y();
    step.yaw_rad = wrap_angle(swing.target->yaw - other->yaw);
  }
  return step;
}

Segment extract_segment(const BodyTrack& body, const ContactMatrix& contact, const Run& frames,
                        std::vector<PlanChange>& changes) {
  const std::array<std::vector<Foothold>, 2> holds{footholds_of(body, contact, kLeft, frames),
                                                   footholds_of(body, contact, kRight, frames)};
  const bool after = frames.first > 0;
  const bool before = frames.end < body.frames();
  std::vector<Swing> swings;
  for (Side side : {kLeft, kRight}) {
    find_swings(body, side, holds[side], frames, after, before, swings, changes);
  }
  std::sort(swings.begin(), swings.end(), [](const Swing& a, const Swing& b) {
    return std::pair(a.touchdown, a.liftoff) < std::pair(b.touchdown, b.liftoff);
  });
  Segment segment{frames, {}};
  for (const Swing& swing : swings) {
    segment.steps.push_back(relative_step(swing, holds[1 - swing.side], body.rate_hz));
  }
  return segment;
}

void note_flight(const BodyTrack& body, const Run& run, std::vector<PlanChange>& changes) {
  const auto low = body.sole_height[kLeft]
                       .segment(run.first, run.length())
                       .cwiseMin(body.sole_height[kRight].segment(run.first, run.length()));
  changes.push_back({"flight left out", run.first / body.rate_hz, run.end / body.rate_hz,
                     low.maxCoeff(), 0.0, "m",
                     "both feet are off the ground for more than 0.3 s (frames " +
                         std::to_string(run.first) + "-" + std::to_string(run.end - 1) + ")"});
}

}  // namespace

void straighten_feet(BodyTrack& body, std::vector<PlanChange>& changes) {
  const Eigen::VectorXd splay = 0.5 * (body.foot_yaw[kLeft] - body.foot_yaw[kRight]);
  const double usual = median_of(splay);
  body.foot_yaw[kLeft].array() -= usual;
  body.foot_yaw[kRight].array() += usual;
  if (std::abs(usual) > kSplayNoted_rad) {
    changes.push_back({"feet straightened", 0.0, body.duration_s(), usual, 0.0, "rad",
                       "the robot's feet point ahead"});
  }
}

Eigen::VectorXd heading_of(const BodyTrack& body) {
  const Eigen::VectorXd mean = 0.5 * (body.foot_yaw[kLeft] + body.foot_yaw[kRight]);
  // Continued beyond its ends by its own point reflection: a turn under way there is kept.
  const auto frames = static_cast<int>(mean.size());
  const int more = std::min(frames - 1, static_cast<int>(std::ceil(0.6 * body.rate_hz)));
  Eigen::VectorXd longer(frames + 2 * more);
  longer << 2.0 * mean[0] - mean.segment(1, more).reverse().array(), mean,
      2.0 * mean[frames - 1] - mean.segment(frames - 1 - more, more).reverse().array();
  return smooth_rows(longer, 0.15 * body.rate_hz).col(0).segment(more, frames);
}

std::vector<Segment> extract_segments(const BodyTrack& body, const ContactMatrix& contact,
                                      std::vector<PlanChange>& changes) {
  std::vector<Segment> segments;
  const auto add = [&](int first, int end) {
    if (end - first < kSegmentMin_s * body.rate_hz) return;
    segments.push_back(extract_segment(body, contact, {first, end}, changes));
  };
  int first = 0;
  for (const Run& run : airborne_runs(contact)) {
    add(first, run.first);
    note_flight(body, run, changes);
    first = run.end;
  }
  add(first, body.frames());
  return segments;
}

}  // namespace exoactor

#include <algorithm>
#include <array>
#include <cmath>
#include <exoactor/planning/footsteps.hpp>
#include <exoactor/planning/held_foot.hpp>
#include <exoactor/planning/smoothing.hpp>
#include <exoactor/types/plan_bounds.hpp>

namespace exoactor {
namespace {

constexpr double kBesideLateral_m = 0.22;
constexpr double kTurnSwing_s = 0.4;
constexpr double kAstrayNoted_m = 0.08;
constexpr double kSlowedNoted_s = 0.1;
constexpr double kTurnNoted_rad = 0.25;
constexpr double kTurnTo_rad = 0.12;
constexpr int kTurnStepsMax = 48;
constexpr double kStrideClosed_m = 0.15;  // at the end
constexpr double kJustEnded_s = 1.0;
constexpr double kRaisedSwing_s = 0.7;  // a foot up longer and higher than this is held, not walked
constexpr double kRaisedLift_m = 0.06;
constexpr double kLiftMargin_m = 0.02;
constexpr double kRateMax = 2.0;  // of the reference time in a step; beyond, the rest is stood out

/// Joins steps that one foot does twice without a pause: the robot goes where the last one leads.
std::vector<AskedFootstep> join_double_steps(const std::vector<AskedFootstep>& steps,
                                             double pause_s, std::vector<PlanChange>& changes) {
  std::vector<AskedFootstep> joined;
  for (const AskedFootstep& step : steps) {
    if (!joined.empty() && joined.back().side == step.side &&
        step.liftoff_s - joined.back().touchdown_s < pause_s) {
      AskedFootstep& before = joined.back();
      changes.push_back({"double step joined", before.liftoff_s, step.touchdown_s, 2.0, 1.0, "",
                         "one foot steps twice without a pause"});
      const double liftoff_s = before.liftoff_s;
      const double lift_m = std::max(before.lift_m, step.lift_m);
      before = step;
      before.liftoff_s = liftoff_s;
      before.lift_m = lift_m;
    } else {
      joined.push_back(step);
    }
  }
  return joined;
}

/// Builds bursts step by step, keeping the plan's own foot headings and reference time.
class Shaper {
 public:
  Shaper(const SteppedReference& reference, const PlannedFeet& feet, const LevelLimits& limits,
         const BurstTiming& timing, const Pacing& pacing, std::vector<PlanChange>& changes)
      : body_(reference.body),
        heading_(reference.heading),
        limits_(limits),
        timing_(timing),
        pacing_(pacing),
        changes_(changes),
        offset_rad_(heading_.at(0.0)),
        feet_(feet) {}

  void begin_segment(double start_s, double previous_end_s);
  void add(const AskedFootstep& asked);
  void make_good_heading(double until_s);
  void close();
  void close_stride(double end_s);
  std::vector<Burst> take() { return std::move(bursts_); }

 private:
  double wanted_yaw(double time_s) const { return heading_.at(time_s) - offset_rad_; }
  double least_swing_s(const Footstep& step) const;
  Footstep shape(const AskedFootstep& asked) const;
  void hold(const HeldPath& held, const AskedFootstep& asked, Footstep& step);
  void place(Footstep step, double touchdown_s);
  double half_turned_at(double until_s) const;
  void note(const Footstep& step, const AskedFootstep& asked);

  const BodyTrack& body_;
  const Heading& heading_;
  const LevelLimits& limits_;
  const BurstTiming timing_;
  const Pacing pacing_;
  std::vector<PlanChange>& changes_;
  double offset_rad_;  // reference heading that is the plan's zero
  PlannedFeet feet_;
  double clock_s_ = 0.0;  // reference time played so far
  Burst burst_;
  std::vector<Burst> bursts_;
};

void Shaper::begin_segment(double start_s, double previous_end_s) {
  const double turned = heading_.at(start_s) - heading_.at(previous_end_s);
  if (std::abs(turned) > kTurnNoted_rad) {
    changes_.push_back({"turn in flight left out", previous_end_s, start_s, turned, 0.0, "rad",
                        "the robot stays on the ground"});
  }
  offset_rad_ += turned;
  clock_s_ = std::max(clock_s_, start_s);
}

/// The time a step's foot needs for its way, s.
double Shaper::least_swing_s(const Footstep& step) const {
  return std::max(limits_.swing_min_s, feet_.travel_m(step) / limits_.swing_speed_m_s);
}

Footstep Shaper::shape(const AskedFootstep& asked) const {
  Footstep step;
  step.side = asked.side;
  step.asked = {asked.forward_m, asked.lateral_m, asked.yaw_rad,
                asked.touchdown_s - asked.liftoff_s, asked.lift_m};
  step.forward_m = std::clamp(asked.forward_m, limits_.forward_min_m, limits_.forward_max_m);
  step.lateral_m = std::clamp(asked.lateral_m, limits_.lateral_min_m, limits_.lateral_max_m);
  double turn = 0.0;
  if (!asked.unfinished) {
    const double about = wanted_yaw(asked.touchdown_s);
    const double target = about + wrap_angle(asked.heading_rad - offset_rad_ - about);
    turn = target - feet_.yaw_rad[1 - asked.side];
    step.asked.yaw_rad = turn;
  }
  step.yaw_rad = std::clamp(turn, limits_.yaw_min_rad(asked.side), limits_.yaw_max_rad(asked.side));
  const bool raised = step.asked.swing_s > kRaisedSwing_s && asked.lift_m > kRaisedLift_m;
  const double least_s = least_swing_s(step);
  const double most_s =
      std::max(least_s, raised ? limits_.raised_swing_max_s : limits_.swing_max_s);
  const double available_s = asked.touchdown_s - clock_s_ - timing_.double_support_s;
  step.swing_s = std::clamp(std::max(step.asked.swing_s, available_s), least_s, most_s);
  step.lift_m = std::clamp(asked.lift_m + kLiftMargin_m, limits_.lift_min_m,
                           raised ? limits_.raised_lift_max_m : limits_.lift_max_m);
  return step;
}

/// Appends a step to the open burst, which the reference finishes at `touchdown_s`.
void Shaper::place(Footstep step, double touchdown_s) {
  const double support_s = burst_.steps.empty() ? 0.0 : timing_.double_support_s;
  const double interval_s = support_s + step.swing_s;
  double advance_s = std::max(0.0, touchdown_s - clock_s_);
  if (advance_s > kRateMax * interval_s) advance_s = interval_s;
  step.reference_liftoff_s = clock_s_ + advance_s * support_s / interval_s;
  step.reference_touchdown_s = clock_s_ + advance_s;
  clock_s_ = step.reference_touchdown_s;
  feet_.take(step);
  burst_.steps.push_back(std::move(step));
}

void Shaper::add(const AskedFootstep& asked) {
  if (asked.liftoff_s - clock_s_ >= pacing_.pause_s || burst_.steps.empty()) {
    make_good_heading(asked.liftoff_s);
    if (asked.liftoff_s - clock_s_ >= pacing_.pause_s) close();
  }
  if (burst_.steps.empty()) {
    clock_s_ = std::max(clock_s_, asked.liftoff_s);
    burst_.reference_start_s = clock_s_;
  }
  Footstep step = shape(asked);
  if (const auto held = held_path(body_, asked, step, feet_, limits_)) hold(*held, asked, step);
  note(step, asked);
  place(step, asked.touchdown_s);
}

/// Gives `step` the way of a held foot.
void Shaper::hold(const HeldPath& held, const AskedFootstep& asked, Footstep& step) {
  step.swing_s = held.swing_s;
  step.lift_m = std::min(held.peak_m, plan_bounds::kLift.high);
  step.first_keyframe = static_cast<int>(burst_.keyframes.size());
  step.keyframe_count = static_cast<int>(held.keyframes.size());
  burst_.keyframes.insert(burst_.keyframes.end(), held.keyframes.begin(), held.keyframes.end());
  if (held.astray_m > kAstrayNoted_m) {
    changes_.push_back({"raised foot drawn in", asked.liftoff_s, asked.touchdown_s, held.astray_m,
                        0.0, "m", "reach of the leg and bounds of a held foot"});
  }
}

double Shaper::half_turned_at(double until_s) const {
  const double middle = 0.5 * (feet_.heading_rad() + wanted_yaw(until_s));
  const double sign = wanted_yaw(until_s) > feet_.heading_rad() ? 1.0 : -1.0;
  double time_s = clock_s_;
  while (time_s < until_s && sign * (wanted_yaw(time_s) - middle) < 0.0) {
    time_s += 1.0 / heading_.rate_hz;
  }
  return std::min(time_s, until_s);
}

/// Turns in place, in the pause up to `until_s`, until the heading is the reference's.
void Shaper::make_good_heading(double until_s) {
  const double wanted = wanted_yaw(until_s);
  const double missing = wanted - feet_.heading_rad();
  if (std::abs(missing) <= pacing_.turn_from_rad) {
    if (std::abs(missing) > kTurnNoted_rad) {
      changes_.push_back({"heading left", clock_s_, until_s, wanted, feet_.heading_rad(), "rad",
                          "turn steps would make the plan too long"});
    }
    return;
  }
  if (burst_.steps.empty()) {
    clock_s_ = std::max(clock_s_, half_turned_at(until_s));
    burst_.reference_start_s = clock_s_;
  }
  Side side = missing > 0.0 ? kLeft : kRight;
  if (!burst_.steps.empty()) side = burst_.steps.back().side == kLeft ? kRight : kLeft;
  const double start_s = clock_s_;
  int count = 0;
  while (std::abs(wanted - feet_.heading_rad()) > kTurnTo_rad && count < kTurnStepsMax) {
    Footstep step;
    step.side = side;
    step.lateral_m = kBesideLateral_m;
    step.yaw_rad = std::clamp(wanted - feet_.yaw_rad[1 - side], limits_.yaw_min_rad(side),
                              limits_.yaw_max_rad(side));
    step.swing_s = std::max(kTurnSwing_s, least_swing_s(step));
    step.lift_m = limits_.lift_min_m;
    step.inserted = true;
    place(step, std::min(until_s, clock_s_ + timing_.double_support_s + step.swing_s));
    side = side == kLeft ? kRight : kLeft;
    ++count;
  }
  changes_.push_back({"turn steps inserted", start_s, clock_s_, 0.0, static_cast<double>(count), "",
                      "in place, for a heading the reference's own steps do not reach"});
}

void Shaper::close() {
  if (burst_.steps.empty()) return;
  burst_.reference_end_s = clock_s_;
  bursts_.push_back(std::move(burst_));
  burst_ = Burst{};
}

/// Brings the feet together at the end, in the last burst where that has only just ended.
void Shaper::close_stride(double end_s) {
  Footstep step;
  const Side front = feet_.stride_m() > 0.0 ? kLeft : kRight;
  if (std::abs(feet_.stride_m()) < kStrideClosed_m) return;
  step.side = front == kLeft ? kRight : kLeft;
  step.lateral_m = kOwnStanceWidth_m;
  step.swing_s = least_swing_s(step);
  step.lift_m = limits_.lift_min_m;
  step.inserted = true;
  if (!bursts_.empty() && end_s - bursts_.back().reference_end_s < kJustEnded_s &&
      bursts_.back().steps.back().side == front) {
    burst_ = std::move(bursts_.back());
    bursts_.pop_back();
  } else {
    clock_s_ = end_s;
    burst_.reference_start_s = end_s;
  }
  const double start_s = clock_s_;
  place(step, end_s);
  close();
  changes_.push_back({"closing step inserted", start_s, clock_s_, 0.0, 1.0, "",
                      "the robot ends with its feet side by side"});
}

void Shaper::note(const Footstep& step, const AskedFootstep& asked) {
  const auto add_change = [&](const char* what, double from, double to, const char* unit,
                              const char* why) {
    changes_.push_back({what, asked.liftoff_s, asked.touchdown_s, from, to, unit, why});
  };
  if (asked.unfinished) {
    add_change("unfinished step", asked.lift_m, step.lift_m, "m",
               "the clip ends with a foot in the air: it is put beside the other");
  }
  if (std::abs(asked.forward_m) - std::abs(step.forward_m) > 0.02) {
    add_change("step shortened", asked.forward_m, step.forward_m, "m", "limit of step length");
  }
  if (asked.lateral_m - step.lateral_m > 0.02) {
    add_change("step narrowed", asked.lateral_m, step.lateral_m, "m", "limit of step width");
  }
  if (step.lateral_m - asked.lateral_m > 0.02) {
    add_change("step widened", asked.lateral_m, step.lateral_m, "m", "limit of step width");
  }
  if (std::abs(step.asked.yaw_rad - step.yaw_rad) > 0.1) {
    add_change("step turned less", step.asked.yaw_rad, step.yaw_rad, "rad",
               "limit of foot yaw; the rest is carried over");
  }
  const bool held = step.keyframe_count > 0;
  if (!held && asked.lift_m - step.lift_m > 0.03) {
    add_change("raised foot lowered", asked.lift_m, step.lift_m, "m", "limit of swing height");
  }
  if (step.swing_s - step.asked.swing_s > kSlowedNoted_s &&
      (held || step.swing_s <= least_swing_s(step) + 1e-9)) {
    add_change("step slowed", step.asked.swing_s, step.swing_s, "s",
               "limit of the swinging foot's speed");
  }
  if (step.asked.swing_s - step.swing_s > 0.3) {
    add_change("swing shortened", step.asked.swing_s, step.swing_s, "s",
               "limit of single support time");
  }
}

}  // namespace

double Heading::at(double time_s) const {
  const auto last = static_cast<int>(yaw.size()) - 1;
  const double position = std::clamp(time_s * rate_hz, 0.0, static_cast<double>(last));
  const int i = std::min(static_cast<int>(position), std::max(last - 1, 0));
  return yaw[i] + (position - i) * (yaw[std::min(i + 1, last)] - yaw[i]);
}

std::vector<Burst> shape_bursts(const SteppedReference& reference, const PlannedFeet& feet,
                                const LevelLimits& limits, const BurstTiming& timing,
                                const Pacing& pacing, std::vector<PlanChange>& changes) {
  const Heading& heading = reference.heading;
  Shaper shaper(reference, feet, limits, timing, pacing, changes);
  double previous_end_s = 0.0;
  for (const Segment& segment : reference.segments) {
    const double end_s = (segment.frames.end - 1) / heading.rate_hz;
    shaper.begin_segment(segment.frames.first / heading.rate_hz, previous_end_s);
    for (const AskedFootstep& step : join_double_steps(segment.steps, pacing.pause_s, changes)) {
      shaper.add(step);
    }
    shaper.make_good_heading(end_s);
    shaper.close();
    previous_end_s = end_s;
  }
  shaper.close_stride(previous_end_s);
  return shaper.take();
}

void note_left_out(const std::vector<Segment>& segments, const Heading& heading,
                   std::vector<PlanChange>& changes) {
  for (const Segment& segment : segments) {
    for (const AskedFootstep& step : segment.steps) {
      const double travel = std::hypot(step.forward_m, step.lateral_m - kBesideLateral_m);
      changes.push_back({"step left out", step.liftoff_s, step.touchdown_s, travel, 0.0, "m",
                         "this level keeps both feet on the ground"});
    }
  }
  const double end_s = static_cast<double>(heading.yaw.size() - 1) / heading.rate_hz;
  const double turned = heading.at(end_s) - heading.at(0.0);
  if (std::abs(turned) > kTurnNoted_rad) {
    changes.push_back({"turn left out", 0.0, end_s, turned, 0.0, "rad",
                       "this level keeps both feet on the ground"});
  }
}

}  // namespace exoactor

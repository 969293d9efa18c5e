#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <exoactor/planning/footholds.hpp>
#include <exoactor/planning/leg_reach.hpp>
#include <exoactor/planning/plan_clock.hpp>
#include <exoactor/planning/posture.hpp>
#include <exoactor/planning/rate_limiter.hpp>
#include <exoactor/planning/smoothing.hpp>
#include <functional>
#include <string>

namespace exoactor {
namespace {

constexpr double kJointSmoothing_s = 0.033;
constexpr double kAttitudeSmoothing_s = 0.05;
constexpr double kComSmoothing_s = 0.067;
constexpr double kFloorSmoothing_s = 0.2;
constexpr double kUprightQuantile = 0.9;
constexpr double kUprightBelow_m = 0.06;  // a clip that never stands upright is anchored here
constexpr double kUprightAbove_m = 0.02;
constexpr double kFlightMargin_s = 0.1;
constexpr int kFirstUpperJoint = 12;  // waist and arms follow the legs in SDK order

Eigen::Vector3d yaw_pitch_roll(const Eigen::Matrix3d& R) {
  return {std::atan2(R(1, 0), R(0, 0)), std::asin(std::clamp(-R(2, 0), -1.0, 1.0)),
          std::atan2(R(2, 1), R(2, 2))};
}

Eigen::Quaterniond quat_from(const Eigen::Vector3d& angles) {
  return Eigen::AngleAxisd(angles[0], Eigen::Vector3d::UnitZ()) *
         Eigen::AngleAxisd(angles[1], Eigen::Vector3d::UnitY()) *
         Eigen::AngleAxisd(angles[2], Eigen::Vector3d::UnitX());
}

Eigen::MatrixXd attitude_to_heading(const std::vector<Eigen::Matrix3d>& R_world_link,
                                    const Eigen::VectorXd& heading) {
  Eigen::MatrixXd angles(heading.size(), 3);
  for (Eigen::Index t = 0; t < heading.size(); ++t) {
    const Eigen::AngleAxisd back(-heading[t], Eigen::Vector3d::UnitZ());
    angles.row(t) = yaw_pitch_roll(back.toRotationMatrix() * R_world_link[t]);
    if (t > 0) {
      for (int axis = 0; axis < 3; ++axis) {
        const double turn = angles(t, axis) - angles(t - 1, axis);
        angles(t, axis) += wrap_angle(turn) - turn;
      }
    }
  }
  return angles;
}

/// Height of the standing soles, smooth.
Eigen::VectorXd sole_floor(const BodyTrack& body, const ContactMatrix& contact) {
  Eigen::VectorXd floor(body.frames());
  for (int t = 0; t < body.frames(); ++t) {
    const double left = body.sole_height[kLeft][t];
    const double right = body.sole_height[kRight][t];
    const bool both = contact(t, kLeft) && contact(t, kRight);
    floor[t] = both ? 0.5 * (left + right) : std::min(left, right);
    if (!both && contact(t, kLeft)) floor[t] = left;
    if (!both && contact(t, kRight)) floor[t] = right;
  }
  return smooth_rows(floor, kFloorSmoothing_s * body.rate_hz).col(0);
}

/// Replaces the frames of flights by a smooth passage.
void bridge_flights(const ContactMatrix& contact, double rate_hz, Eigen::MatrixXd& rows) {
  const auto last = static_cast<int>(rows.rows()) - 1;
  const int margin = static_cast<int>(kFlightMargin_s * rate_hz);
  for (const Run& run : airborne_runs(contact)) {
    const int a = std::max(run.first - 1 - margin, 0);
    const int b = std::min(run.end + margin, last);
    const Eigen::RowVectorXd from = run.first > 0 ? rows.row(a) : rows.row(b);
    const Eigen::RowVectorXd to = run.end <= last ? rows.row(b) : rows.row(a);
    for (int t = a; t <= b; ++t) {
      const double u = static_cast<double>(t - a) / std::max(b - a, 1);
      rows.row(t) = from + u * u * (3.0 - 2.0 * u) * (to - from);
    }
  }
}

/// Stretches of frames in which `deviation` exceeds `threshold`, close ones joined.
std::vector<Run> deviating_runs(const Eigen::VectorXd& deviation, double threshold) {
  const int gap = static_cast<int>(0.3 * kPostureRate_hz);
  std::vector<Run> joined;
  for (const Run& run : runs_of((deviation.array() > threshold).cast<int>(), 1)) {
    if (!joined.empty() && run.first - joined.back().end < gap) {
      joined.back().end = run.end;
    } else {
      joined.push_back(run);
    }
  }
  return joined;
}

std::string to_text(double value) {
  const std::string text = std::to_string(value);
  return text.substr(0, text.find('.') + 3);
}

/// Limits channels of one plan's posture and lists what had to give.
class PostureLimiter {
 public:
  PostureLimiter(const Plan& plan, int frames)
      : timing_(frame_timing(plan, frames, kPostureRate_hz)), limiter_(timing_.duration_s) {}

  /// Channels between `low` and `high`, at rest wherever the clock stops.
  Eigen::MatrixXd limit(const Eigen::MatrixXd& wanted, const Eigen::VectorXd& low,
                        const Eigen::VectorXd& high, double speed, double acceleration) const {
    Eigen::MatrixXd limited(wanted.rows(), wanted.cols());
    for (Eigen::Index c = 0; c < wanted.cols(); ++c) {
      RateLimits limits{Eigen::VectorXd::Constant(wanted.rows(), low[c]),
                        Eigen::VectorXd::Constant(wanted.rows(), high[c]),
                        speeds(speed, speed, acceleration), acceleration};
      limited.col(c) = limiter_.limit(wanted.col(c), limits);
    }
    return limited;
  }

  Eigen::VectorXd limit_com(const Eigen::VectorXd& wanted, const LevelLimits& limits,
                            const Eigen::VectorXd& ceiling) const {
    const auto pick = [&](double stepping, double standing) {
      return Eigen::VectorXd(timing_.stepping.cast<double>() * (stepping - standing) +
                             Eigen::VectorXd::Constant(wanted.size(), standing));
    };
    return limiter_.limit(wanted,
                          {pick(limits.com_stepping_min_m, limits.com_stance_min_m),
                           pick(limits.com_stepping_max_m, limits.com_stance_max_m)
                               .cwiseMin(ceiling.cwiseMax(limits.com_stepping_min_m)),
                           speeds(limits.com_stepping_speed_m_s, limits.com_stance_speed_m_s,
                                  limits.com_acceleration_m_s2),
                           limits.com_acceleration_m_s2});
  }

  /// Highest execution speed of the channels of `rows` over a run of frames.
  double peak_speed(const Eigen::MatrixXd& rows, const Run& run) const {
    double peak = 0.0;
    for (int t = std::max(run.first - 1, 0); t < run.end && t + 1 < rows.rows(); ++t) {
      const double step = (rows.row(t + 1) - rows.row(t)).cwiseAbs().maxCoeff();
      peak = std::max(peak, step / timing_.duration_s[t]);
    }
    return peak;
  }

  const Eigen::VectorXi& stepping() const { return timing_.stepping; }

 private:
  Eigen::VectorXd speeds(double stepping, double standing, double acceleration) const {
    Eigen::VectorXd speed(timing_.duration_s.size());
    for (Eigen::Index k = 0; k < speed.size(); ++k) {
      const bool steps = timing_.stepping[k] && timing_.stepping[k + 1];
      speed[k] = steps ? stepping : standing;
      if (timing_.stops[k]) speed[k] = std::min(speed[k], acceleration * timing_.duration_s[k]);
    }
    return speed;
  }

  FrameTiming timing_;
  RateLimiter limiter_;
};

void note_arms(const PostureLimiter& limiter, const Eigen::MatrixXd& wanted,
               const Eigen::MatrixXd& given, std::vector<PlanChange>& changes) {
  const Eigen::VectorXd deviation = (wanted - given).cwiseAbs().rowwise().maxCoeff();
  for (const Run& run : deviating_runs(deviation, 0.15)) {
    const double furthest = deviation.segment(run.first, run.length()).maxCoeff();
    changes.push_back({"arms slowed", run.first / kPostureRate_hz, run.end / kPostureRate_hz,
                       limiter.peak_speed(wanted, run), limiter.peak_speed(given, run), "rad/s",
                       "limits of joint position, speed and acceleration; up to " +
                           to_text(furthest) + " rad from the reference"});
  }
}

void note_attitude(const char* what, const Eigen::MatrixXd& wanted, const Eigen::MatrixXd& given,
                   std::vector<PlanChange>& changes) {
  const Eigen::MatrixXd off = (wanted - given).cwiseAbs();
  for (const Run& run : deviating_runs(off.rowwise().maxCoeff(), 0.1)) {
    Eigen::Index frame = 0;
    Eigen::Index axis = 0;
    off.middleRows(run.first, run.length()).maxCoeff(&frame, &axis);
    frame += run.first;
    static constexpr std::array<const char*, 3> kAxes{"turn", "forward lean", "sideways lean"};
    changes.push_back({what, run.first / kPostureRate_hz, run.end / kPostureRate_hz,
                       wanted(frame, axis), given(frame, axis), "rad",
                       std::string(kAxes[axis]) + " beyond what the controller balances"});
  }
}

void note_com(const PostureLimiter& limiter, const Eigen::VectorXd& wanted,
              const Eigen::VectorXd& given, std::vector<PlanChange>& changes) {
  constexpr double kNoted_m = 0.03;
  const int around = static_cast<int>(0.3 * kPostureRate_hz);
  const auto frames = static_cast<int>(wanted.size());
  for (const double sign : {1.0, -1.0}) {
    for (const Run& run : deviating_runs(sign * (given - wanted), kNoted_m)) {
      const int first = std::max(run.first - around, 0);
      const int count = std::min(run.end + around, frames) - first;
      const double asked = sign * (sign * wanted.segment(first, count)).minCoeff();
      const double reached = sign * (sign * given.segment(first, count)).minCoeff();
      const bool late = sign * (reached - asked) < kNoted_m;
      const bool stepping = limiter.stepping().segment(run.first, run.length()).maxCoeff() > 0;
      const char* what = sign > 0 ? "squat raised" : "rise lowered";
      changes.push_back({late ? "height delayed" : what, run.first / kPostureRate_hz,
                         run.end / kPostureRate_hz, asked, reached, "m",
                         stepping ? "height and speed of the centre of mass while stepping"
                                  : "height and speed of the centre of mass"});
    }
  }
}

}  // namespace

WantedPosture wanted_posture(const Reference& reference, const BodyTrack& body,
                             const ContactMatrix& contact, double standing_com_m,
                             double upright_com_m) {
  const double rate = reference.rate_hz;
  const Eigen::VectorXd heading = heading_of(body);
  const Eigen::VectorXd floor = sole_floor(body, contact);
  const Eigen::VectorXd height = body.com_height - floor;
  const double upright =
      std::clamp(quantile_of(body.com_height_arms_down - floor, kUprightQuantile),
                 upright_com_m - kUprightBelow_m, upright_com_m + kUprightAbove_m);
  const auto prepare = [&](Eigen::MatrixXd rows, double smoothing_s) {
    bridge_flights(contact, rate, rows);
    const double sigma = std::max(smoothing_s, 0.5 / rate) * kPostureRate_hz;
    return smooth_rows(resample_rows(rows, rate, kPostureRate_hz), sigma);
  };
  WantedPosture wanted;
  wanted.joint_position = prepare(reference.joint_position, kJointSmoothing_s);
  wanted.torso_yaw_pitch_roll =
      prepare(attitude_to_heading(body.R_world_torso, heading), kAttitudeSmoothing_s);
  wanted.pelvis_yaw_pitch_roll =
      prepare(attitude_to_heading(body.R_world_pelvis, heading), kAttitudeSmoothing_s);
  wanted.com_height =
      prepare((height.array() + standing_com_m - upright).matrix(), kComSmoothing_s).col(0);
  return wanted;
}

void set_posture(const WantedPosture& wanted, const LevelLimits& limits, Plan& plan) {
  const int frames = wanted.frames();
  const PostureLimiter limiter(plan, frames);
  JointVector low;
  JointVector high;
  for (int j = 0; j < kNumJoints; ++j) {
    low[j] = kJointTable[j].lower_rad + limits.joint_margin_rad;
    high[j] = kJointTable[j].upper_rad - limits.joint_margin_rad;
  }
  const int upper = kNumJoints - kFirstUpperJoint;
  PostureTrack& track = plan.posture;
  track.rate_hz = kPostureRate_hz;
  track.joint_position.resize(frames, kNumJoints);
  track.joint_position.leftCols(kFirstUpperJoint) = limiter.limit(
      wanted.joint_position.leftCols(kFirstUpperJoint), low.head(kFirstUpperJoint),
      high.head(kFirstUpperJoint), limits.leg_speed_rad_s, limits.leg_acceleration_rad_s2);
  track.joint_position.rightCols(upper) =
      limiter.limit(wanted.joint_position.rightCols(upper), low.tail(upper), high.tail(upper),
                    limits.arm_speed_rad_s, limits.arm_acceleration_rad_s2);
  const Eigen::Vector3d& torso_max = limits.torso_yaw_pitch_roll_max_rad;
  const Eigen::Vector3d& pelvis_max = limits.pelvis_yaw_pitch_roll_max_rad;
  const Eigen::MatrixXd torso =
      limiter.limit(wanted.torso_yaw_pitch_roll, -torso_max, torso_max, limits.torso_speed_rad_s,
                    limits.torso_acceleration_rad_s2);
  const Eigen::MatrixXd pelvis =
      limiter.limit(wanted.pelvis_yaw_pitch_roll, -pelvis_max, pelvis_max,
                    limits.pelvis_speed_rad_s, limits.pelvis_acceleration_rad_s2);
  track.quat_heading_torso_wxyz.resize(frames, 4);
  track.quat_heading_pelvis_wxyz.resize(frames, 4);
  for (int t = 0; t < frames; ++t) {
    const Eigen::Quaterniond torso_quat = quat_from(torso.row(t));
    const Eigen::Quaterniond pelvis_quat = quat_from(pelvis.row(t));
    track.quat_heading_torso_wxyz.row(t) << torso_quat.w(), torso_quat.vec().transpose();
    track.quat_heading_pelvis_wxyz.row(t) << pelvis_quat.w(), pelvis_quat.vec().transpose();
  }
  track.com_height = limiter.limit_com(wanted.com_height, limits,
                                       reach_ceiling(plan, limits, frames, kPostureRate_hz));

  note_arms(limiter, wanted.joint_position.rightCols(upper), track.joint_position.rightCols(upper),
            plan.changes);
  note_attitude("torso lean clipped", wanted.torso_yaw_pitch_roll, torso, plan.changes);
  note_attitude("pelvis lean clipped", wanted.pelvis_yaw_pitch_roll, pelvis, plan.changes);
  note_com(limiter, wanted.com_height, track.com_height, plan.changes);
}

}  // namespace exoactor

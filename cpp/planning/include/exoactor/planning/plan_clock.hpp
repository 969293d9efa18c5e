#pragma once

#include <exoactor/types/plan.hpp>
#include <vector>

namespace exoactor {

/// A corner of the piecewise-linear map from execution time to reference time.
struct ClockCorner {
  double execution_s = 0.0;
  double reference_s = 0.0;
  bool stepping = false;  ///< the stretch up to this corner plays the posture in a burst
};

/// The nominal clock of a plan: the reference time is continuous and never goes back.
std::vector<ClockCorner> plan_clock(const Plan& plan);

/// Nominal duration of a whole plan, s.
double plan_duration_s(const Plan& plan);

/// Nominal duration of what lies between the blends over the reference's duration.
double plan_stretch(const Plan& plan);

/// How long the clock takes over each interval between posture frames, and where it stops.
struct FrameTiming {
  Eigen::VectorXd duration_s;  ///< [T-1] execution time in which the clock moves
  Eigen::VectorXi stops;       ///< [T-1] 1 where it stands still within or at an end
  Eigen::VectorXi stepping;    ///< [T] 1 where a burst plays the frame
};

/// Timing of the frames of a posture track of `frames` at `rate_hz` under `plan`'s clock.
FrameTiming frame_timing(const Plan& plan, int frames, double rate_hz);

}  // namespace exoactor

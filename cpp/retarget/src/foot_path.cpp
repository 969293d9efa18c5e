#include <algorithm>
#include <cmath>
#include <exoactor/retarget/foot_path.hpp>
#include <exoactor/retarget/rotation.hpp>
#include <limits>

namespace exoactor {
namespace {

constexpr double kFlatPitch = 0.10;      // rad; smaller pitch in contact counts as flat
constexpr double kMaxHeelLift = 0.60;    // rad, heel up
constexpr double kMaxToeLift = 0.35;     // rad, toe up

struct Run {
  int begin, end;  // frames [begin, end)
};

std::vector<Run> contact_runs(const std::vector<FootTarget>& path) {
  std::vector<Run> runs;
  const int count = static_cast<int>(path.size());
  for (int t = 0; t < count; ++t) {
    if (!path[t].contact) continue;
    if (runs.empty() || runs.back().end != t) runs.push_back({t, t});
    runs.back().end = t + 1;
  }
  return runs;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double contact_pitch(const Eigen::Matrix3d& R_world_foot) {
  const double pitch = std::asin(std::clamp(-R_world_foot(2, 0), -1.0, 1.0));
  const double steep = std::max(std::abs(pitch) - kFlatPitch, 0.0);
  return pitch > 0 ? std::min(steep, kMaxHeelLift) : -std::min(steep, kMaxToeLift);
}

const Eigen::Vector3d& lowest_corner(const Eigen::Matrix3d& R_world_foot) {
  return *std::min_element(kSoleCorners.begin(), kSoleCorners.end(), [&](const auto& a, const auto& b) {
    return R_world_foot.row(2).dot(a) < R_world_foot.row(2).dot(b);
  });
}

// Attitudes of a run: the mean heading, the person's pitch, no roll.
void level_run(const Run& run, std::vector<FootTarget>& path) {
  Eigen::Vector3d forward = Eigen::Vector3d::Zero();
  for (int t = run.begin; t < run.end; ++t) forward += path[t].R_world_foot.col(0);
  const double heading = std::atan2(forward.y(), forward.x());
  for (int t = run.begin; t < run.end; ++t)
    path[t].R_world_foot = (Eigen::AngleAxisd(heading, Eigen::Vector3d::UnitZ()) *
                            Eigen::AngleAxisd(contact_pitch(path[t].R_world_foot),
                                              Eigen::Vector3d::UnitY()))
                               .toRotationMatrix();
}

// Positions of a run: the sole rolls about its lowest corner, on the ground, where the person's
// foot was in the median.
void roll_run(const Run& run, std::vector<FootTarget>& path) {
  std::vector<double> dx, dy;
  Eigen::Vector3d position = path[run.begin].position_in_world;
  for (int t = run.begin; t < run.end; ++t) {
    const Eigen::Matrix3d& R = path[t].R_world_foot;
    if (t > run.begin) {
      const Eigen::Matrix3d& R_last = path[t - 1].R_world_foot;
      const Eigen::Vector3d& pivot = lowest_corner(R_last);
      position += (R_last - R) * pivot;
    }
    position.z() = -R.row(2).dot(lowest_corner(R));
    dx.push_back(path[t].position_in_world.x() - position.x());
    dy.push_back(path[t].position_in_world.y() - position.y());
    path[t].position_in_world = position;
  }
  const Eigen::Vector3d shift(median(dx), median(dy), 0);
  for (int t = run.begin; t < run.end; ++t) path[t].position_in_world += shift;
}

// What a run's end did to the person's foot: target = raw + shift, R_target = turn * R_raw.
struct Correction {
  Eigen::Vector3d shift = Eigen::Vector3d::Zero();
  Eigen::Quaterniond turn = Eigen::Quaterniond::Identity();
};

Correction correction_at(const FootTarget& raw, const FootTarget& target) {
  return {target.position_in_world - raw.position_in_world,
          Eigen::Quaterniond(target.R_world_foot * raw.R_world_foot.transpose())};
}

// Frames [begin, end) in the air; the corrections hold at the frames begin - 1 and end.
void blend_swing(int begin, int end, const Correction& before, const Correction& after,
                 std::vector<FootTarget>& path) {
  for (int t = begin; t < end; ++t) {
    const double phase = smoothstep(static_cast<double>(t - begin + 1) / (end - begin + 1));
    path[t].position_in_world += (1 - phase) * before.shift + phase * after.shift;
    path[t].R_world_foot =
        before.turn.slerp(phase, after.turn).toRotationMatrix() * path[t].R_world_foot;
  }
}

// Lifts the foot to the clearance, which ramps up from both ends of the swing.
void lift_swing(int begin, int end, double rate_hz, const RetargetOptions& options,
                std::vector<FootTarget>& path) {
  const int count = static_cast<int>(path.size());
  for (int t = begin; t < end; ++t) {
    double to_contact_s = std::numeric_limits<double>::infinity();
    if (begin > 0) to_contact_s = (t - begin + 1) / rate_hz;
    if (end < count) to_contact_s = std::min(to_contact_s, (end - t) / rate_hz);
    const double rest = 1 - std::min(to_contact_s / options.clearance_ramp_s, 1.0);
    path[t].clearance_m = options.swing_clearance_m * (1 - rest * rest);
    const double low = lowest_corner_height(path[t].position_in_world, path[t].R_world_foot);
    path[t].position_in_world.z() += std::max(path[t].clearance_m - low, 0.0);
  }
}

}  // namespace

double lowest_corner_height(const Eigen::Vector3d& position_in_world,
                            const Eigen::Matrix3d& R_world_foot) {
  return position_in_world.z() + R_world_foot.row(2).dot(lowest_corner(R_world_foot));
}

void latch_foot_path(double rate_hz, const RetargetOptions& options,
                     std::vector<FootTarget>& path) {
  const std::vector<FootTarget> raw = path;
  const std::vector<Run> runs = contact_runs(path);
  for (const Run& run : runs) {
    level_run(run, path);
    roll_run(run, path);
  }
  for (size_t i = 0; i <= runs.size(); ++i) {
    const bool first = i == 0, last = i == runs.size();
    const int begin = first ? 0 : runs[i - 1].end;
    const int end = last ? static_cast<int>(path.size()) : runs[i].begin;
    Correction before, after;
    if (!first) before = correction_at(raw[begin - 1], path[begin - 1]);
    if (!last) after = correction_at(raw[end], path[end]);
    if (first) before = after;
    if (last) after = before;
    blend_swing(begin, end, before, after, path);
    lift_swing(begin, end, rate_hz, options, path);
  }
}

}  // namespace exoactor

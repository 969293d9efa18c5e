#include <algorithm>
#include <cmath>
#include <exoactor/planning/contact_runs.hpp>
#include <exoactor/planning/smoothing.hpp>
#include <exoactor/planning/upright.hpp>

namespace exoactor {
namespace {

constexpr double kLasts_s = 0.2;
constexpr double kFloorQuantile = 0.1;
constexpr double kOverturned_rad = 1.75;  // of the pelvis, whatever its height
constexpr double kLying_rad = 1.30;       // of the pelvis
constexpr double kLyingBelow_m = 0.55;
constexpr double kSittingBelow_m = 0.30;
constexpr double kDegree = M_PI / 180.0;

double tilt_of(const Eigen::Matrix3d& R_world_link) {
  return std::acos(std::clamp(R_world_link(2, 2), -1.0, 1.0));
}

}  // namespace

std::string find_not_upright(const BodyTrack& body) {
  const double floor =
      quantile_of(body.sole_height[kLeft].cwiseMin(body.sole_height[kRight]), kFloorQuantile);
  Eigen::VectorXi down(body.frames());
  for (int t = 0; t < body.frames(); ++t) {
    const double height = body.com_height[t] - floor;
    const double pelvis = tilt_of(body.R_world_pelvis[t]);
    down[t] = pelvis > kOverturned_rad || (pelvis > kLying_rad && height < kLyingBelow_m) ||
              height < kSittingBelow_m;
  }
  std::string found;
  for (const Run& run : runs_of(down, 1)) {
    if (run.length() < kLasts_s * body.rate_hz) continue;
    const int middle = run.first + run.length() / 2;
    const auto whole = [](double value) { return std::to_string(std::lround(value)); };
    found += (found.empty() ? "frames " : ", ") + std::to_string(run.first) + "-" +
             std::to_string(run.end - 1) + " (pelvis tilted " +
             whole(tilt_of(body.R_world_pelvis[middle]) / kDegree) + " deg, centre of mass " +
             whole(100.0 * (body.com_height[middle] - floor)) + " cm above the soles)";
  }
  return found;
}

}  // namespace exoactor

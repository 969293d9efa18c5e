#include <cmath>
#include <exoactor/retarget/trajectory_smoothing.hpp>
#include <vector>

namespace exoactor {
namespace {

constexpr int kFirstUpperJoint = 12;  // waist_yaw_joint; legs come before

int mirrored(int index, int count) {
  const int period = 2 * count;
  const int folded = ((index % period) + period) % period;
  return folded < count ? folded : period - 1 - folded;
}

}  // namespace

void smooth_upper_body(double sigma_s, Reference& reference) {
  const double sigma = sigma_s * reference.rate_hz;
  if (sigma < 1e-3) return;
  const int half = static_cast<int>(std::ceil(4 * sigma));
  std::vector<double> kernel(2 * half + 1);
  double sum = 0;
  for (int i = -half; i <= half; ++i) sum += kernel[i + half] = std::exp(-0.5 * i * i / sigma / sigma);
  for (double& weight : kernel) weight /= sum;

  const int count = static_cast<int>(reference.joint_position.rows());
  const auto raw = reference.joint_position;
  for (int frame = 0; frame < count; ++frame) {
    auto smoothed = reference.joint_position.row(frame).tail<kNumJoints - kFirstUpperJoint>();
    smoothed.setZero();
    for (int i = -half; i <= half; ++i)
      smoothed += kernel[i + half] *
                  raw.row(mirrored(frame + i, count)).tail<kNumJoints - kFirstUpperJoint>();
  }
}

}  // namespace exoactor

#include <algorithm>
#include <cmath>
#include <exoactor/estimation/gyro_bias.hpp>

namespace exoactor {
namespace {

constexpr double kLongestStep = 0.01;   // s
constexpr double kFirstMemory = 0.5;    // s, of the mean, growing with age
constexpr double kLongestMemory = 4.0;  // s
constexpr double kLargestBias = 0.1;    // rad/s
constexpr double kLargestSample = 1.0;  // rad/s, of one sample's difference

}  // namespace

void GyroBias::reset() noexcept {
  started_ = false;
  age_s_ = 0.0;
  bias_.setZero();
}

void GyroBias::update(const Eigen::Quaterniond& attitude, const Eigen::Vector3d& gyro,
                      double dt_s) noexcept {
  Eigen::Quaterniond turn = last_.conjugate() * attitude;
  last_ = attitude;
  if (!started_) {
    started_ = true;
    return;
  }
  if (dt_s <= 0.0 || dt_s > kLongestStep) return;
  const double sign = turn.w() < 0.0 ? -1.0 : 1.0;
  const double sine = turn.vec().norm();
  const double scale = sine < 1e-9 ? 2.0 : 2.0 * std::atan2(sine, std::abs(turn.w())) / sine;
  const Eigen::Vector3d beyond = gyro - sign * scale / dt_s * turn.vec();
  age_s_ += dt_s;
  const double memory_s = std::clamp(age_s_, kFirstMemory, kLongestMemory);
  bias_ += dt_s / memory_s * (beyond.cwiseMax(-kLargestSample).cwiseMin(kLargestSample) - bias_);
  bias_ = bias_.cwiseMax(-kLargestBias).cwiseMin(kLargestBias);
}

}  // namespace exoactor

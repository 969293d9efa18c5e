#include <algorithm>
#include <exoactor/planning/contact_labels.hpp>
#include <exoactor/planning/smoothing.hpp>

namespace exoactor {
namespace {

constexpr double kOnSpeed_m_s = 0.30;
constexpr double kOffSpeed_m_s = 0.55;
constexpr double kOnRatio = 0.6;   // of the other foot's speed, while that moves
constexpr double kOffRatio = 0.9;  // of the other foot's speed
constexpr double kOffHeight_m = 0.05;
constexpr double kSmoothing_s = 1.0 / 30.0;

/// Speed of the rows of `position`, by central differences.
Eigen::VectorXd speed_of(const Eigen::MatrixXd& position, double rate_hz) {
  const Eigen::MatrixXd smooth = smooth_rows(position, kSmoothing_s * rate_hz);
  const auto last = static_cast<int>(smooth.rows()) - 1;
  Eigen::VectorXd speed(last + 1);
  for (int t = 0; t <= last; ++t) {
    const int a = std::max(t - 1, 0);
    const int b = std::min(t + 1, last);
    speed[t] = (smooth.row(b) - smooth.row(a)).norm() * rate_hz / std::max(b - a, 1);
  }
  return speed;
}

/// Median speed of ankle, toe and heel.
Eigen::VectorXd foot_speed(const BodyTrack& body, int side) {
  const Eigen::VectorXd ankle = speed_of(body.ankle_in_world[side], body.rate_hz);
  const Eigen::VectorXd toe = speed_of(body.toe_in_world[side], body.rate_hz);
  const Eigen::VectorXd heel = speed_of(body.heel_in_world[side], body.rate_hz);
  const Eigen::VectorXd low = ankle.cwiseMin(toe).cwiseMin(heel);
  const Eigen::VectorXd high = ankle.cwiseMax(toe).cwiseMax(heel);
  return ankle + toe + heel - low - high;
}

}  // namespace

ContactMatrix label_contacts(const BodyTrack& body) {
  const std::array<Eigen::VectorXd, 2> speed{foot_speed(body, kLeft), foot_speed(body, kRight)};
  ContactMatrix contact(body.frames(), 2);
  for (int side : {kLeft, kRight}) {
    const auto& own_height = body.sole_height[side];
    const auto& other_height = body.sole_height[1 - side];
    bool stands = speed[side][0] < kOnSpeed_m_s;
    for (int t = 0; t < body.frames(); ++t) {
      const double own = speed[side][t];
      const double other = speed[1 - side][t];
      const bool raised = own_height[t] > other_height[t] + kOffHeight_m;
      const bool on =
          !raised && (own < kOnSpeed_m_s || (own < kOnRatio * other && other > kOffSpeed_m_s));
      const bool off = raised || (own > kOffSpeed_m_s && own > kOffRatio * other);
      stands = stands ? !off : on;
      contact(t, side) = stands;
    }
  }
  return clean_contacts(contact, body);
}

}  // namespace exoactor

#include <algorithm>
#include <exoactor/model/segments.hpp>

namespace exoactor {

SegmentPair closest_points(const Eigen::Vector3d& start_a, const Eigen::Vector3d& end_a,
                           const Eigen::Vector3d& start_b, const Eigen::Vector3d& end_b) {
  constexpr double kPoint = 1e-12;
  const Eigen::Vector3d along_a = end_a - start_a, along_b = end_b - start_b,
                        between = start_a - start_b;
  const double aa = along_a.squaredNorm(), bb = along_b.squaredNorm(), bd = along_b.dot(between);
  double s = 0, t = 0;
  if (aa <= kPoint && bb > kPoint) {
    t = std::clamp(bd / bb, 0.0, 1.0);
  } else if (aa > kPoint) {
    const double ad = along_a.dot(between);
    if (bb <= kPoint) {
      s = std::clamp(-ad / aa, 0.0, 1.0);
    } else {
      const double ab = along_a.dot(along_b), determinant = aa * bb - ab * ab;
      if (determinant > 1e-9) s = std::clamp((ab * bd - ad * bb) / determinant, 0.0, 1.0);
      t = (ab * s + bd) / bb;
      if (t < 0) {
        t = 0;
        s = std::clamp(-ad / aa, 0.0, 1.0);
      } else if (t > 1) {
        t = 1;
        s = std::clamp((ab - ad) / aa, 0.0, 1.0);
      }
    }
  }
  return {start_a + s * along_a, start_b + t * along_b};
}

}  // namespace exoactor

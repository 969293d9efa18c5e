#pragma once

#include <exoactor/types/reference.hpp>

namespace exoactor {

/// Gaussian smoothing of waist and arm joints, in place; the legs keep their contacts. Weighted
/// means of a bounded signal mirrored at its ends stay within its bounds and rates.
void smooth_upper_body(double sigma_s, Reference& reference);

}  // namespace exoactor

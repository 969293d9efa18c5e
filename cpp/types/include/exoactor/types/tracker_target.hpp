#pragma once

#include <cstdint>
#include <exoactor/types/state.hpp>

namespace exoactor {

/// What a learned tracker asks of the joints until its next step, and where in the reference it is.
struct TrackerTarget {
  std::int64_t stamp_ns = 0;                    ///< time of the state it answers
  JointVector position = JointVector::Zero();   ///< rad
  JointVector stiffness = JointVector::Zero();  ///< Nm/rad
  JointVector damping = JointVector::Zero();    ///< Nm s/rad

  JointVector reference_position = JointVector::Zero();  ///< rad, the reference's at `stamp_ns`
  JointVector reference_velocity = JointVector::Zero();  ///< rad/s
  double reference_time_s = 0.0;
  double reference_rate = 0.0;  ///< seconds of reference a second; 0 while it waits
  double blend = 0.0;           ///< 0 standing pose, 1 reference
  bool ended = false;           ///< the reference is over and asks for the standing pose
};

}  // namespace exoactor

#pragma once

#include <exoactor/planning/body_track.hpp>
#include <exoactor/planning/contact_runs.hpp>

namespace exoactor {

/// Foot contacts of a reference that comes without them, from the speed of ankle, toe and heel
/// relative to the other foot's, with hysteresis; see clean_contacts for what follows.
ContactMatrix label_contacts(const BodyTrack& body);

}  // namespace exoactor

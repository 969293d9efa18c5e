#pragma once

#include <exoactor/planning/body_track.hpp>
#include <string>

namespace exoactor {

/// Where the reference lies, sits on the floor, goes on its hands or stands on its head, in words
/// with the frames; empty where it is on its feet throughout.
std::string find_not_upright(const BodyTrack& body);

}  // namespace exoactor

#pragma once

#include <dds/dds.h>

#include <array>
#include <cstdint>
#include <cstring>

namespace exoactor {

/// Identity of a participant of a DDS domain, as bytes that can be kept.
using ParticipantId = std::array<std::uint8_t, 16>;

inline ParticipantId to_id(const dds_guid_t& guid) noexcept {
  ParticipantId id;
  static_assert(sizeof id == sizeof guid);
  std::memcpy(id.data(), &guid, sizeof guid);
  return id;
}

inline ParticipantId participant_id(dds_entity_t participant) noexcept {
  dds_guid_t guid{};
  dds_get_guid(participant, &guid);
  return to_id(guid);
}

}  // namespace exoactor

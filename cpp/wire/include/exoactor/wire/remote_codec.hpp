#pragma once

#include <array>
#include <cstdint>
#include <exoactor/types/remote_controller.hpp>

namespace exoactor {

using RemoteBytes = std::array<std::uint8_t, 40>;

/// RT-safe, both.
RemoteController decode_remote(const RemoteBytes& bytes) noexcept;
RemoteBytes encode_remote(const RemoteController& remote) noexcept;

}  // namespace exoactor

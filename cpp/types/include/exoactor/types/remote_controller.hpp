#pragma once

#include <cstdint>

namespace exoactor {

/// Buttons of the remote controller, as bits of RemoteController::buttons.
enum class RemoteButton : std::uint16_t {
  kR1 = 1U << 0U,
  kL1 = 1U << 1U,
  kStart = 1U << 2U,
  kSelect = 1U << 3U,
  kR2 = 1U << 4U,
  kL2 = 1U << 5U,
  kF1 = 1U << 6U,
  kF2 = 1U << 7U,
  kA = 1U << 8U,
  kB = 1U << 9U,
  kX = 1U << 10U,
  kY = 1U << 11U,
  kUp = 1U << 12U,
  kRight = 1U << 13U,
  kDown = 1U << 14U,
  kLeft = 1U << 15U,
};

/// The remote controller in a LowState; all zero where none is connected.
struct RemoteController {
  std::uint16_t buttons = 0;
  float left_x = 0.0F;  ///< sticks -1..1
  float left_y = 0.0F;
  float right_x = 0.0F;
  float right_y = 0.0F;

  bool is_pressed(RemoteButton button) const noexcept {
    return (buttons & static_cast<std::uint16_t>(button)) != 0;
  }

  /// L2 and B together: the operator wants damping.
  bool is_abort() const noexcept {
    return is_pressed(RemoteButton::kL2) && is_pressed(RemoteButton::kB);
  }
};

}  // namespace exoactor

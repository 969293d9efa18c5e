#pragma once

#include <array>
#include <exoactor/dds/dds_domain.hpp>
#include <exoactor/dds/raw_message.hpp>
#include <exoactor/dds/side_messages.hpp>
#include <exoactor/types/state.hpp>

namespace exoactor {

/// Hears what a G1 tells beside state and battery, for the log; nothing acts upon it. Makes no
/// publisher. Each ring has one reader, which may be another thread.
class SideListener {
 public:
  /// Throws std::runtime_error where the library refuses. The participant must outlive it.
  explicit SideListener(const DdsParticipant& participant);
  ~SideListener();
  SideListener(const SideListener&) = delete;
  SideListener& operator=(const SideListener&) = delete;

  /// The IMU in the torso.
  RawRing<WireImu>& torso_imu() noexcept { return torso_imu_; }
  RawRing<HandState>& hand(Side side) noexcept { return hands_[side]; }

 private:
  static void on_torso_imu(DdsHandle reader, void* self);
  static void on_hand(DdsHandle reader, void* self);
  void take_torso_imu(DdsHandle reader) noexcept;
  void take_hand(DdsHandle reader, Side side) noexcept;

  RawRing<WireImu> torso_imu_{kRawMessages};
  std::array<RawRing<HandState>, 2> hands_{RawRing<HandState>{kRawMessages},
                                           RawRing<HandState>{kRawMessages}};
  DdsHandle torso_imu_reader_ = 0;
  std::array<DdsHandle, 2> hand_readers_{};
};

}  // namespace exoactor

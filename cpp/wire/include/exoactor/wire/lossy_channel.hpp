#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>

namespace exoactor {

/// What goes wrong on a link; shares are of the messages, 0..1.
struct ChannelFaults {
  double drop = 0.0;
  double duplicate = 0.0;
  double reorder = 0.0;  ///< held back until after the next one
  double corrupt = 0.0;  ///< one bit flipped
  std::int64_t delay_ns = 0;
};

/// A link on which messages get lost, late, doubled, swapped and damaged, for simulations.
/// Repeatable by its seed. Holds at most kRoom messages back and drops what is more. Everything is
/// RT-safe. One thread.
template <typename Message>
class LossyChannel {
 public:
  static constexpr std::size_t kRoom = 256;

  explicit LossyChannel(std::uint64_t seed) : random_(seed) {}

  void set_faults(const ChannelFaults& faults) noexcept { faults_ = faults; }

  /// Puts a message in at `now_ns`.
  void send(const Message& message, std::int64_t now_ns) noexcept {
    if (happens(faults_.drop)) return;
    Message sent = message;
    if (happens(faults_.corrupt)) flip_a_bit(sent);
    const std::int64_t due_ns = now_ns + faults_.delay_ns;
    if (!held_ && happens(faults_.reorder)) {
      held_ = true;
      held_message_ = sent;
      return;
    }
    put(sent, due_ns);
    if (happens(faults_.duplicate)) put(sent, due_ns);
    if (held_) put(held_message_, due_ns);
    held_ = false;
  }

  /// Takes the next message that is due; false when there is none.
  [[nodiscard]] bool receive(Message& message, std::int64_t now_ns) noexcept {
    if (count_ == 0 || slots_[first_].due_ns > now_ns) return false;
    message = slots_[first_].message;
    first_ = (first_ + 1) % kRoom;
    --count_;
    return true;
  }

 private:
  struct Slot {
    std::int64_t due_ns = 0;
    Message message{};
  };

  bool happens(double share) noexcept {
    return share > 0.0 && std::uniform_real_distribution<double>(0.0, 1.0)(random_) < share;
  }

  void flip_a_bit(Message& message) noexcept {
    const std::uint64_t bit = random_() % (8 * sizeof(Message));
    reinterpret_cast<unsigned char*>(&message)[bit / 8] ^=
        static_cast<unsigned char>(1U << (bit % 8));
  }

  void put(const Message& message, std::int64_t due_ns) noexcept {
    if (count_ == kRoom) return;
    slots_[(first_ + count_) % kRoom] = {due_ns, message};
    ++count_;
  }

  std::mt19937_64 random_;
  ChannelFaults faults_;
  std::array<Slot, kRoom> slots_{};
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  bool held_ = false;
  Message held_message_{};
};

}  // namespace exoactor

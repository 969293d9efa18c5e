#pragma once

#include <pthread.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <exoactor/dds/participant_id.hpp>
#include <string>
#include <vector>

namespace exoactor {

/// What a process that drives a robot leaves behind for whoever has to damp it after its end. It
/// lies in a small file that all of them map, so that it outlives every way to die.
struct DrivenContent {
  static constexpr std::uint32_t kMagic = 0x45584453;  // "EXDS"

  std::atomic<std::uint32_t> magic{0};  ///< kMagic once the rest is there
  pthread_mutex_t alive{};  ///< robust, held by the thread that sends: tells of its death at once
  pthread_mutex_t right{};  ///< robust, held by whoever may damp: the next in line waits for it
  /// Whose publishers of commands are no rival's: the driver, then each that damped for it.
  std::array<ParticipantId, 4> publishers{};
  std::uint8_t mode_machine = 0;
  std::array<std::uint8_t, 3> padding{};
  std::atomic<std::uint32_t> publisher_count{0};
  std::atomic<std::uint32_t> supervised{0};   ///< a supervisor has held the right
  std::atomic<std::uint32_t> driven{0};       ///< commands have been sent and not ended in silence
  std::atomic<std::int64_t> last_sent_ns{0};  ///< CLOCK_MONOTONIC, of the newest command
};
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

/// The driving process's end. The file is locked for as long as the process lives.
class DrivenRecord {
 public:
  /// Throws std::runtime_error where the file cannot be made, or belongs to a living process.
  DrivenRecord(const std::string& path, const ParticipantId& participant,
               std::uint8_t mode_machine);
  /// Leaves the file as it is: only let_go() says that nobody needs to damp.
  ~DrivenRecord();
  DrivenRecord(const DrivenRecord&) = delete;
  DrivenRecord& operator=(const DrivenRecord&) = delete;

  /// The calling thread, which sends, is alive from now on until it dies or releases.
  void hold() noexcept;
  void release() noexcept;

  /// A command is about to be sent. RT-safe.
  void touch(std::int64_t now_ns) noexcept {
    content_->last_sent_ns.store(now_ns, std::memory_order_relaxed);
    content_->driven.store(1, std::memory_order_release);
  }

  /// The robot was damped and is left in silence. RT-safe.
  void let_go() noexcept { content_->driven.store(0, std::memory_order_release); }

 private:
  int file_ = -1;
  DrivenContent* content_ = nullptr;
};

/// The watching end: another process's record, mapped. One thread.
class DrivenView {
 public:
  DrivenView() = default;
  ~DrivenView();
  DrivenView(const DrivenView&) = delete;
  DrivenView& operator=(const DrivenView&) = delete;

  /// Maps the record once it is there; whether it is. Any file that is no record is none.
  bool open(const std::string& path) noexcept;
  /// What follows is for after open().
  /// Whether the path still names this record; a later driver makes another file.
  bool is_current(const std::string& path) const noexcept;
  /// Whether the process that wrote it still lives.
  bool is_held() const noexcept;
  /// Whether the thread that sends has died, waiting for that at most `timeout_ns`. A process that
  /// is killed may need 0.1 s and more to be gone; its threads die at once.
  bool has_died(std::int64_t timeout_ns) noexcept;
  const DrivenContent& content() const noexcept { return *content_; }

  /// Takes the right to damp, waiting at most `timeout_ns` for who has it to die or to give it
  /// back; whether it is had. Nobody damps without.
  bool claim_right(std::int64_t timeout_ns) noexcept;
  void give_right_back() noexcept;
  /// The right is a supervisor's: from now on others may wait for it.
  void tell_supervised() noexcept { content_->supervised.store(1, std::memory_order_release); }
  /// A publisher of damping that is no rival. Whoever has the right tells it before it sends.
  void add_publisher(const ParticipantId& participant) noexcept;
  /// The driver's participant and those of all that have damped for it.
  std::vector<ParticipantId> publishers() const;
  /// The robot has been damped for it.
  void let_go() noexcept { content_->driven.store(0, std::memory_order_release); }

 private:
  int file_ = -1;
  DrivenContent* content_ = nullptr;
  bool dead_ = false;  ///< the thread that sends
  bool has_right_ = false;
};

}  // namespace exoactor

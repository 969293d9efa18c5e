#pragma once

#include <semaphore.h>

#include <atomic>
#include <cstdint>
#include <exoactor/dds/dds_domain.hpp>
#include <exoactor/dds/driven_record.hpp>
#include <exoactor/dds/raw_message.hpp>
#include <exoactor/hal/latest_value.hpp>
#include <exoactor/wire/low_cmd.hpp>
#include <thread>

namespace exoactor {

/// Sends each command that it is handed once, from a thread of its own: the library allocates and
/// locks when it writes. A command that was not yet sent when the next one comes is replaced, never
/// repeated or queued.
class CommandSender {
 public:
  /// The thread asks for SCHED_FIFO at `fifo_priority`; 0 leaves the scheduler alone. `cpu` is that
  /// of the thread that hands, -1: any. The sender joins it there, for a cheaper wake-up, where it
  /// is granted one priority more: no tick must keep it from sending. It holds `record`, which may
  /// be null and must outlive the sender.
  CommandSender(DdsHandle writer, int fifo_priority, int cpu, DrivenRecord* record);
  /// Sends what is still to be sent, then ends.
  ~CommandSender();
  CommandSender(const CommandSender&) = delete;
  CommandSender& operator=(const CommandSender&) = delete;

  /// One thread. RT-safe.
  void hand(const LowCmd& message) noexcept;

  /// Every command that was sent; one reader.
  RawRing<LowCmd>& raw_commands() noexcept { return raw_; }

  std::int64_t handed() const noexcept { return handed_.load(std::memory_order_acquire); }
  std::int64_t sent() const noexcept { return sent_.load(std::memory_order_acquire); }
  /// Not taken by the library.
  std::int64_t failed() const noexcept { return failed_.load(std::memory_order_acquire); }

 private:
  struct Numbered {
    std::int64_t number = 0;
    LowCmd message;
  };

  void run(int fifo_priority, int cpu) noexcept;

  DdsHandle writer_;
  DrivenRecord* record_;
  Numbered next_;  ///< of the thread that hands
  LatestValue<Numbered> latest_;
  RawRing<LowCmd> raw_{kRawMessages};
  sem_t work_;
  std::atomic<std::int64_t> handed_{0}, sent_{0}, failed_{0};
  std::atomic<bool> running_{true};
  std::thread thread_;
};

}  // namespace exoactor

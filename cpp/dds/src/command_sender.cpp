#include <dds/dds.h>
#include <pthread.h>
#include <sched.h>

#include <chrono>
#include <exoactor/dds/command_sender.hpp>
#include <exoactor/hal/pin_thread.hpp>

namespace exoactor {
namespace {

std::int64_t steady_now_ns() noexcept {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool claim_fifo(int priority) noexcept {
  sched_param parameter{};
  parameter.sched_priority = priority;
  return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter) == 0;
}

}  // namespace

CommandSender::CommandSender(DdsHandle writer, int fifo_priority, int cpu, DrivenRecord* record)
    : writer_(writer), record_(record) {
  sem_init(&work_, 0, 0);
  thread_ = std::thread([this, fifo_priority, cpu] { run(fifo_priority, cpu); });
}

CommandSender::~CommandSender() {
  running_.store(false, std::memory_order_release);
  sem_post(&work_);
  thread_.join();
  sem_destroy(&work_);
}

void CommandSender::hand(const LowCmd& message) noexcept {
  ++next_.number;
  next_.message = message;
  latest_.write(next_);
  handed_.store(next_.number, std::memory_order_release);
  sem_post(&work_);
}

void CommandSender::run(int fifo_priority, int cpu) noexcept {
  pthread_setname_np(pthread_self(), "lowcmd");
  if (fifo_priority > 0) {
    const bool beside = cpu >= 0 && claim_fifo(fifo_priority + 1) && pin_thread(cpu) == 0;
    if (!beside) claim_fifo(fifo_priority);
  }
  if (record_ != nullptr) record_->hold();
  Numbered latest;
  std::int64_t done = 0;
  for (;;) {
    sem_wait(&work_);
    const bool ending = !running_.load(std::memory_order_acquire);
    if (latest_.read(latest) && latest.number != done) {
      done = latest.number;
      const bool taken = dds_write(writer_, &latest.message) == DDS_RETCODE_OK;
      (taken ? sent_ : failed_).fetch_add(1, std::memory_order_release);
      if (taken) raw_.push({steady_now_ns(), latest.message});
    }
    if (ending) break;
  }
  if (record_ != nullptr) record_->release();
}

}  // namespace exoactor

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exoactor/dds/driven_record.hpp>
#include <stdexcept>

namespace exoactor {
namespace {

constexpr mode_t kMode = 0640;
constexpr auto kProtection = PROT_READ | PROT_WRITE;

/// The file's content, mapped; null where that fails.
DrivenContent* map_content(int file) noexcept {
  void* memory = mmap(nullptr, sizeof(DrivenContent), kProtection, MAP_SHARED, file, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<DrivenContent*>(memory);
}

[[noreturn]] void fail(int file, const std::string& path, const std::string& why) {
  if (file >= 0) close(file);
  throw std::runtime_error("driven record " + path + ": " + why +
                           "; nobody could damp after this process's end");
}

}  // namespace

DrivenRecord::DrivenRecord(const std::string& path, const ParticipantId& participant,
                           std::uint8_t mode_machine)
    : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kMode)) {
  if (file_ < 0) fail(file_, path, std::strerror(errno));
  if (flock(file_, LOCK_EX | LOCK_NB) != 0) fail(file_, path, "belongs to another live process");
  if (ftruncate(file_, 0) != 0 || ftruncate(file_, sizeof(DrivenContent)) != 0) {
    fail(file_, path, std::strerror(errno));
  }
  content_ = map_content(file_);
  if (content_ == nullptr) fail(file_, path, std::strerror(errno));
  pthread_mutexattr_t robust;
  pthread_mutexattr_init(&robust);
  pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST);
  pthread_mutexattr_setpshared(&robust, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&content_->alive, &robust);
  pthread_mutexattr_destroy(&robust);
  content_->participant = participant;
  content_->mode_machine = mode_machine;
  content_->magic.store(DrivenContent::kMagic, std::memory_order_release);
}

DrivenRecord::~DrivenRecord() {
  munmap(content_, sizeof(DrivenContent));
  close(file_);
}

void DrivenRecord::hold() noexcept { pthread_mutex_lock(&content_->alive); }

void DrivenRecord::release() noexcept { pthread_mutex_unlock(&content_->alive); }

DrivenView::~DrivenView() {
  if (content_ != nullptr) munmap(content_, sizeof(DrivenContent));
  if (file_ >= 0) close(file_);
}

bool DrivenView::open(const std::string& path) noexcept {
  if (content_ != nullptr) return true;
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return false;
  struct stat status{};
  if (fstat(file, &status) == 0 && status.st_size == sizeof(DrivenContent)) {
    DrivenContent* content = map_content(file);
    if (content != nullptr &&
        content->magic.load(std::memory_order_acquire) == DrivenContent::kMagic) {
      file_ = file;
      content_ = content;
      return true;
    }
    if (content != nullptr) munmap(content, sizeof(DrivenContent));
  }
  close(file);
  return false;
}

bool DrivenView::has_died(std::int64_t timeout_ns) noexcept {
  constexpr std::int64_t kSecond = 1'000'000'000;
  timespec until{};
  clock_gettime(CLOCK_MONOTONIC, &until);
  timeout_ns += until.tv_nsec;
  until.tv_sec += timeout_ns / kSecond;
  until.tv_nsec = timeout_ns % kSecond;
  const int outcome = pthread_mutex_clocklock(&content_->alive, CLOCK_MONOTONIC, &until);
  if (outcome == 0) pthread_mutex_unlock(&content_->alive);
  return outcome == EOWNERDEAD;
}

bool DrivenView::is_held() const noexcept {
  if (flock(file_, LOCK_EX | LOCK_NB) != 0) return true;
  flock(file_, LOCK_UN);
  return false;
}

}  // namespace exoactor

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exoactor/dds/driven_record.hpp>
#include <stdexcept>

namespace exoactor {
namespace {

constexpr mode_t kMode = 0640;
constexpr auto kProtection = PROT_READ | PROT_WRITE;
constexpr std::int64_t kSecond = 1'000'000'000;

/// The file's content, mapped; null where that fails.
DrivenContent* map_content(int file) noexcept {
  void* memory = mmap(nullptr, sizeof(DrivenContent), kProtection, MAP_SHARED, file, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<DrivenContent*>(memory);
}

void make_robust(pthread_mutex_t& mutex) noexcept {
  pthread_mutexattr_t robust;
  pthread_mutexattr_init(&robust);
  pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST);
  pthread_mutexattr_setpshared(&robust, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&mutex, &robust);
  pthread_mutexattr_destroy(&robust);
}

/// Outcome of locking within `timeout_ns`.
int lock_within(pthread_mutex_t& mutex, std::int64_t timeout_ns) noexcept {
  timespec until{};
  clock_gettime(CLOCK_MONOTONIC, &until);
  timeout_ns += until.tv_nsec;
  until.tv_sec += timeout_ns / kSecond;
  until.tv_nsec = timeout_ns % kSecond;
  return pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &until);
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
  make_robust(content_->alive);
  make_robust(content_->right);
  content_->publishers[0] = participant;
  content_->publisher_count.store(1, std::memory_order_relaxed);
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
  if (content_ != nullptr) {
    give_right_back();
    if (dead_) pthread_mutex_unlock(&content_->alive);  // this thread's list must not keep it
    munmap(content_, sizeof(DrivenContent));
  }
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

bool DrivenView::is_current(const std::string& path) const noexcept {
  struct stat own{}, named{};
  return fstat(file_, &own) == 0 && lstat(path.c_str(), &named) == 0 &&
         own.st_ino == named.st_ino && own.st_dev == named.st_dev;
}

bool DrivenView::is_held() const noexcept {
  if (flock(file_, LOCK_EX | LOCK_NB) != 0) return true;
  flock(file_, LOCK_UN);
  return false;
}

bool DrivenView::has_died(std::int64_t timeout_ns) noexcept {
  if (dead_) return true;
  const int outcome = lock_within(content_->alive, timeout_ns);
  if (outcome == 0) pthread_mutex_unlock(&content_->alive);
  // It is left as it is, so that the next in line sees the death as well.
  dead_ = outcome == EOWNERDEAD || outcome == ENOTRECOVERABLE;
  return dead_;
}

bool DrivenView::claim_right(std::int64_t timeout_ns) noexcept {
  if (has_right_) return true;
  const int outcome = lock_within(content_->right, timeout_ns);
  if (outcome == EOWNERDEAD) pthread_mutex_consistent(&content_->right);
  has_right_ = outcome == 0 || outcome == EOWNERDEAD;
  return has_right_;
}

void DrivenView::give_right_back() noexcept {
  if (has_right_) pthread_mutex_unlock(&content_->right);
  has_right_ = false;
}

void DrivenView::add_publisher(const ParticipantId& participant) noexcept {
  const std::size_t count = content_->publisher_count.load(std::memory_order_relaxed);
  const std::size_t place = std::min(count, content_->publishers.size() - 1);
  content_->publishers[place] = participant;
  content_->publisher_count.store(static_cast<std::uint32_t>(place + 1), std::memory_order_release);
}

std::vector<ParticipantId> DrivenView::publishers() const {
  const std::size_t count = content_->publisher_count.load(std::memory_order_acquire);
  const auto begin = content_->publishers.begin();
  return {begin, begin + static_cast<std::ptrdiff_t>(std::min(count, content_->publishers.size()))};
}

}  // namespace exoactor

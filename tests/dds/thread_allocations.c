/* Preloaded by test_dds_allocation.py: counts the heap allocations of each thread. */
#define _GNU_SOURCE
#include <stddef.h>
#include <unistd.h>

extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t count, size_t size);
extern void* __libc_realloc(void* pointer, size_t size);
extern void* __libc_memalign(size_t alignment, size_t size);

enum { kThreads = 1 << 16 };
static volatile unsigned long by_thread[kThreads];

unsigned long exoactor_allocations_of(int thread) { return by_thread[thread % kThreads]; }

static void count(void) { __sync_fetch_and_add(&by_thread[gettid() % kThreads], 1); }

void* malloc(size_t size) {
  count();
  return __libc_malloc(size);
}

void* calloc(size_t number, size_t size) {
  count();
  return __libc_calloc(number, size);
}

void* realloc(void* pointer, size_t size) {
  count();
  return __libc_realloc(pointer, size);
}

void* memalign(size_t alignment, size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

void* aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void** pointer, size_t alignment, size_t size) {
  *pointer = memalign(alignment, size);
  return *pointer == NULL ? 12 : 0;
}

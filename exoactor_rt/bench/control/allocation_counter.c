/* Preloaded into a process, counts all its heap allocations. */
#include <stddef.h>

extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t count, size_t size);
extern void* __libc_realloc(void* pointer, size_t size);
extern void* __libc_memalign(size_t alignment, size_t size);

static volatile unsigned long allocations = 0;

unsigned long exoactor_allocation_count(void) { return allocations; }

void* malloc(size_t size) {
  __sync_fetch_and_add(&allocations, 1);
  return __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
  __sync_fetch_and_add(&allocations, 1);
  return __libc_calloc(count, size);
}

void* realloc(void* pointer, size_t size) {
  __sync_fetch_and_add(&allocations, 1);
  return __libc_realloc(pointer, size);
}

void* memalign(size_t alignment, size_t size) {
  __sync_fetch_and_add(&allocations, 1);
  return __libc_memalign(alignment, size);
}

void* aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void** pointer, size_t alignment, size_t size) {
  *pointer = memalign(alignment, size);
  return *pointer == NULL ? 12 : 0;
}

/* Preloaded into a process, counts its heap allocations. */
#include <stddef.h>

extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t count, size_t size);
extern void* __libc_realloc(void* pointer, size_t size);
extern void* __libc_memalign(size_t alignment, size_t size);

static volatile unsigned long allocations = 0;
static __thread unsigned long allocations_of_thread __attribute__((tls_model("initial-exec"))) = 0;

/* Of the whole process. */
unsigned long exoactor_allocation_count(void) { return allocations; }

/* Of the calling thread. */
unsigned long exoactor_thread_allocation_count(void) { return allocations_of_thread; }

static void count_one(void) {
  __sync_fetch_and_add(&allocations, 1);
  ++allocations_of_thread;
}

void* malloc(size_t size) {
  count_one();
  return __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
  count_one();
  return __libc_calloc(count, size);
}

void* realloc(void* pointer, size_t size) {
  count_one();
  return __libc_realloc(pointer, size);
}

void* memalign(size_t alignment, size_t size) {
  count_one();
  return __libc_memalign(alignment, size);
}

void* aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void** pointer, size_t alignment, size_t size) {
  *pointer = memalign(alignment, size);
  return *pointer == NULL ? 12 : 0;
}

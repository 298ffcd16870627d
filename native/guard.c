/* guard.c - a signal in the place of an error: what the system sends where a mapped page cannot be had.
 *
 * The handler puts zeros in the place of what is left of the mapping, so that reading comes to its end, and says so. It is the one part
 * of the core that has state of its own, because the system calls it without an argument. Signals of other memory go to whoever was
 * asked before.
 */
#define _DEFAULT_SOURCE
#include "guard.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

static _Thread_local hw_mapping *reading; /* what this thread reads, or null */
static struct sigaction before;
static uintptr_t page_size;

static void on_bus_error(int number, siginfo_t *info, void *context) {
  (void)number;
  (void)context;
  hw_mapping *mapping = reading;
  uintptr_t at = (uintptr_t)info->si_addr & ~(page_size - 1);
  uintptr_t end = mapping ? (uintptr_t)mapping->start + mapping->length : 0;
  if (mapping && at >= (uintptr_t)mapping->start && at < end &&
      mmap((void *)at, end - at, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED) {
    mapping->failed = 1;
    return;
  }
  sigaction(SIGBUS, &before, 0); /* the fault comes again, to the handler before */
}

/* Others may have asked for the signal since the last call. */
static int watch(void) {
  struct sigaction now, own = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO};
  if (sigaction(SIGBUS, 0, &now)) return 0;
  if (now.sa_flags & SA_SIGINFO && now.sa_sigaction == on_bus_error) return 1;
  before = now;
  page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
  return sigaction(SIGBUS, &own, 0) == 0;
}

uint64_t hw_read_mapped(hw_mapping *mapping, hw_capture *capture, uint64_t offset, int final, const hw_columns *columns, uint64_t first,
                        uint64_t limit, uint64_t *consumed, uint64_t *packets, uint64_t counted[HW_REASONS]) {
  *consumed = *packets = 0;
  mapping->failed = !watch() || offset > mapping->length;
  if (mapping->failed) return 0;
  reading = mapping;
  uint64_t rows = hw_read(capture, mapping->start + offset, mapping->length - offset, final, columns, first, limit, consumed, packets, counted);
  reading = 0;
  return rows;
}

/* guard.c - a signal in the place of an error: what the system sends where a mapped page cannot be had.
 *
 * The handler puts zeros in the place of what is left of the mapping, so that reading comes to its end, and says so. It is the one part
 * of the core that has state of its own, because the system calls it without an argument. Signals of other memory go to whoever was
 * asked before.
 */
#define _DEFAULT_SOURCE
#include "guard.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define STRETCH (4u << 20) /* bytes asked of the system at a time, and given back to it */
#define POPULATE_READ 22   /* of madvise, Linux 5.14: pages that are there already can be fetched ahead by the processor */

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

/* Have the next stretch ready where reading at `at` comes near it, and let go of what lies behind. */
static void fetch(hw_mapping *mapping, uint64_t at) {
  for (; mapping->asked < mapping->length && mapping->asked < at + STRETCH / 2; mapping->asked += STRETCH) {
    uint64_t left = mapping->length - mapping->asked;
    /* Where that is refused, pages come as they are touched. */
    (void)madvise(mapping->start + mapping->asked, left < STRETCH ? left : STRETCH, POPULATE_READ);
  }
  for (; mapping->released + STRETCH <= at; mapping->released += STRETCH)
    (void)madvise(mapping->start + mapping->released, STRETCH, MADV_DONTNEED);
}

static uint64_t size_in_use(const hw_capture *capture) {
  uint64_t interfaces = capture->format == HW_PCAP ? 1 : capture->interface_count;
  return offsetof(hw_capture, interfaces) + (interfaces < HW_INTERFACES ? interfaces : HW_INTERFACES) * sizeof(hw_interface);
}

/* Whether the file is still as long as it was: what is cut off in mid-page is read as zeros without a signal. */
static int is_long_enough(const hw_mapping *mapping) {
  struct stat now;
  return fstat(mapping->file, &now) == 0 && now.st_size >= 0 && (uint64_t)now.st_size >= mapping->length;
}

uint64_t hw_read_mapped(hw_mapping *mapping, hw_capture *capture, const hw_columns *columns, uint64_t first, uint64_t limit,
                        uint64_t counted[HW_REASONS], hw_survey *seen) {
  uint64_t at = capture->position, consumed, rows, size = size_in_use(capture);
  mapping->walked = 0;
  mapping->failed = !watch() || at > mapping->length;
  if (mapping->failed) return 0;
  fetch(mapping, at);
  memcpy(&mapping->before, capture, size);
  memcpy(mapping->counted, counted, sizeof mapping->counted);
  reading = mapping;
  rows = hw_read(capture, mapping->start + at, mapping->length - at, 0, columns, first, limit, &consumed, &mapping->walked, counted);
  reading = 0;
  if (!is_long_enough(mapping)) mapping->failed = 1;
  if (!mapping->failed) {
    hw_survey_rows(columns, first + rows, seen);
    return rows;
  }
  memset(capture, 0, sizeof *capture);
  memcpy(capture, &mapping->before, size);
  memcpy(counted, mapping->counted, sizeof mapping->counted);
  mapping->walked = 0;
  return 0;
}

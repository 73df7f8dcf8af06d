/* Preloaded into a throw-away PostgreSQL on tmpfs: a flush takes BENCH_FLUSH_US microseconds, like
 * that of a disk whose time never varies. For timing only: nothing is made durable. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

static int flush(void) {
    static long flush_ns = -1;
    if (flush_ns < 0) {
        const char *us = getenv("BENCH_FLUSH_US");
        flush_ns = us != NULL ? atol(us) * 1000 : 0;
        prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL); /* ns; else each is 0.05 ms longer */
    }
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_nsec += flush_ns;
    end.tv_sec += end.tv_nsec / 1000000000L;
    end.tv_nsec %= 1000000000L;
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) != 0) {
    }
    return 0;
}

int fsync(int fd) {
    (void)fd;
    return flush();
}

int fdatasync(int fd) {
    (void)fd;
    return flush();
}

// sigaction and strnlen are POSIX, which strict C17 hides.
#define _POSIX_C_SOURCE 200809L
#include "LibraryGuard.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

// Thread-local, so that a crash of our own code on another thread keeps its signal and its backtrace.
static _Thread_local char guard_line[1024];
static _Thread_local size_t guard_length;
static _Thread_local int guard_status;

static const int guarded_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
enum { guarded_count = sizeof guarded_signals / sizeof guarded_signals[0] };
static struct sigaction previous[guarded_count];

// Only what signal-safety(7) allows: the heap may be what is broken.
static void guard_handle(int signal_number) {
    if (guard_length > 0) {
        ssize_t written = write(STDERR_FILENO, guard_line, guard_length);
        (void)written;
        _exit(guard_status);
    }
    for (int i = 0; i < guarded_count; i++) {
        if (guarded_signals[i] == signal_number) sigaction(signal_number, &previous[i], NULL);
    }
    raise(signal_number);
}

static void guard_install(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = guard_handle;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < guarded_count; i++) sigaction(guarded_signals[i], &action, &previous[i]);
}

void crosswind_guard_raise(const char *line, int exit_status) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, guard_install);
    size_t length = strnlen(line, sizeof guard_line - 1);
    memcpy(guard_line, line, length);
    guard_line[length] = '\n';
    guard_status = exit_status;
    guard_length = length + 1;
}

void crosswind_guard_lower(void) { guard_length = 0; }

// Damaged files can crash the netCDF and HDF5 libraries from inside. While a guard stands, such a crash ends
// the process with one line and the exit status of bad data instead of a signal. The guard stands as long as a
// file is open, so that it also covers our own few lines between the calls; traps of Swift (SIGILL, SIGTRAP)
// pass through it.
#pragma once

/// Raises the guard of the calling thread. The line is copied; a longer one is cut at 1,023 bytes.
void crosswind_guard_raise(const char *line, int exit_status);

/// Lowers the guard of the calling thread.
void crosswind_guard_lower(void);

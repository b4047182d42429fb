// Damaged files can crash the netCDF and HDF5 libraries from inside. While a guard stands, such a crash ends
// the process with one line and the exit status of bad data instead of a signal.
#pragma once

/// Raises the guard of the calling thread. The line is copied; a longer one is cut at 1,023 bytes.
void crosswind_guard_raise(const char *line, int exit_status);

/// Lowers the guard of the calling thread.
void crosswind_guard_lower(void);

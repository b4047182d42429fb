// What Swift cannot import: cast macros, composite constants, variadic functions.
#pragma once
#include "HTTPDaemon.h"
#include "LibraryGuard.h"
#include <hdf5.h>
#include <microhttpd.h>
#include <netcdf.h>
#include <sqlite3.h>

/// SQLITE_TRANSIENT is a cast macro: the value is copied by SQLite before the call returns.
static inline sqlite3_destructor_type crosswind_sqlite_transient(void) { return SQLITE_TRANSIENT; }

/// Extended codes are (primary | n << 8) expressions, which the importer skips.
static const int crosswind_sqlite_full = SQLITE_FULL;
static const int crosswind_sqlite_readonly_directory = SQLITE_READONLY_DIRECTORY;

/// MHD_SIZE_UNKNOWN is a cast macro.
static inline uint64_t crosswind_mhd_size_unknown(void) { return MHD_SIZE_UNKNOWN; }

/// The HDF5 library that the netCDF driver reads raw chunks with.
static inline int crosswind_hdf5_version(unsigned *major, unsigned *minor, unsigned *release) {
    return H5get_libversion(major, minor, release) < 0 ? -1 : 0;
}

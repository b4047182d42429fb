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

/// Opens a file for reading and writing without a lock; negative when it cannot. The identifiers of property classes
/// are variables behind macros.
static inline hid_t crosswind_hdf5_open_unlocked(const char *path) {
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (access < 0) return access;
    hid_t file = H5Pset_file_locking(access, 0, 1) < 0 ? -1 : H5Fopen(path, H5F_ACC_RDWR, access);
    H5Pclose(access);
    return file;
}

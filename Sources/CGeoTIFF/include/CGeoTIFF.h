#pragma once
#include <stdint.h>

// A GeoTIFF of 32-bit floats on a grid of longitude and latitude or of a map projection, written by strips. libtiff
// and libgeotiff set tags with variadic functions, which Swift cannot call.

typedef struct CGeoTIFF CGeoTIFF;

typedef struct {
    uint32_t columns;
    uint32_t rows;
    uint16_t bands;
    /// Rows of a strip; the last strip of a band may be shorter.
    uint32_t stripRows;
    /// Degrees, or metres of a projection: the upper left corner and the sizes of a cell.
    double west, north, columnStep, rowStep;
    /// 0 for longitude and latitude on WGS 84.
    int isProjected;
    /// Of the projected system in the EPSG registry; 0 for one without, which the following then say.
    uint16_t code;
    /// Of its longitudes and latitudes in the EPSG registry, the method of the projection (ProjCoordTransGeoKey) and its
    /// parameters by their keys.
    uint16_t baseCode, method;
    uint16_t parameterCount;
    const uint16_t *keys;
    const double *values;
    /// The name of the system.
    const char *citation;
    /// GDAL_METADATA: names and units of the bands as XML.
    const char *metadata;
    /// GDAL_NODATA.
    const char *noData;
    const char *software;
} CGeoTIFFLayout;

/// Nil on failure. Where the library says why, the words stand in `reason`.
CGeoTIFF *cgeotiff_create(const char *path, const CGeoTIFFLayout *layout, char *reason, int reasonLength);

/// Writes one strip of one band, its rows from north to south. 0 on success.
int cgeotiff_write(CGeoTIFF *file, uint16_t band, uint32_t strip, const float *values, uint32_t rows);

/// Finishes the file and frees everything, also on failure. 0 on success.
int cgeotiff_finish(CGeoTIFF *file, char *reason, int reasonLength);

/// Closes an unfinished file and frees everything.
void cgeotiff_abandon(CGeoTIFF *file);

/// Makes the tags of the format known to the library, once.
void cgeotiff_register(void);

/// A GeoTIFF opened for reading: one picture, any number of bands of whole numbers or floats.
typedef struct CGeoTIFFSource CGeoTIFFSource;

typedef struct {
    uint32_t columns, rows;
    uint16_t bands;
    /// The upper left corner of the upper left cell and the sizes of a cell, in the units of the system.
    double west, north, columnStep, rowStep;
    /// Of the system in the EPSG registry; 0 where the file names none.
    uint16_t code;
    int isGeographic;
    int hasNoData;
    double noData;
} CGeoTIFFShape;

/// Nil on failure, with the reason.
CGeoTIFFSource *cgeotiff_open(const char *path, CGeoTIFFShape *shape, char *reason, int reasonLength);

/// Reads one row of one band from the north as doubles, `columns` of them. Rows are best read in order. 0 on success.
int cgeotiff_read(CGeoTIFFSource *file, uint16_t band, uint32_t row, double *values, char *reason, int reasonLength);

void cgeotiff_close(CGeoTIFFSource *file);

/// The banner of libtiff: "LIBTIFF, Version 4.5.0" and further lines.
const char *cgeotiff_tiff_version(void);
/// Of the headers: 1710 is 1.7.1.
int cgeotiff_geotiff_version(void);

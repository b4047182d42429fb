#include "CGeoTIFF.h"

#include <geotiff/geotiffio.h>
#include <geotiff/xtiffio.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#define REASON_LENGTH 200

// Private tags that GDAL and what is built on it read: https://gdal.org/drivers/raster/gtiff.html
#define TAG_GDAL_METADATA 42112
#define TAG_GDAL_NODATA 42113

struct CGeoTIFF {
    TIFF *tiff;
    CGeoTIFFLayout layout;
    char reason[REASON_LENGTH];
};

static pthread_once_t registered = PTHREAD_ONCE_INIT;

static void registerTags(void) { XTIFFInitialize(); }

void cgeotiff_register(void) { pthread_once(&registered, registerTags); }

// The first message is the cause, later ones its consequences. Without a handler the library writes to stderr.
static int note(TIFF *tiff, void *user, const char *module, const char *format, va_list arguments) {
    (void)tiff;
    (void)module;
    struct CGeoTIFF *file = user;
    if (file->reason[0] == 0) vsnprintf(file->reason, REASON_LENGTH, format, arguments);
    return 1;
}

static void tell(const struct CGeoTIFF *file, char *reason, int length) {
    if (reason && length > 0) snprintf(reason, (size_t)length, "%s", file->reason);
}

static void setTags(struct CGeoTIFF *file) {
    static const TIFFFieldInfo gdal[] = {
        {TAG_GDAL_METADATA, -1, -1, TIFF_ASCII, FIELD_CUSTOM, 1, 0, "GDAL_METADATA"},
        {TAG_GDAL_NODATA, -1, -1, TIFF_ASCII, FIELD_CUSTOM, 1, 0, "GDAL_NODATA"},
    };
    TIFF *tiff = file->tiff;
    const CGeoTIFFLayout *layout = &file->layout;
    TIFFMergeFieldInfo(tiff, gdal, 2);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, layout->columns);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, layout->rows);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, (int)layout->bands);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 32);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_IEEEFP);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_SEPARATE);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
    TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_FLOATINGPOINT);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, layout->stripRows);
    TIFFSetField(tiff, TIFFTAG_SOFTWARE, layout->software);
    TIFFSetField(tiff, TAG_GDAL_METADATA, layout->metadata);
    TIFFSetField(tiff, TAG_GDAL_NODATA, layout->noData);
    if (layout->bands > 1) {
        uint16_t *extra = calloc((size_t)layout->bands - 1, sizeof *extra);
        if (extra) TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, (int)layout->bands - 1, extra);
        free(extra);
    }
}

// Longitude and latitude on WGS 84 (EPSG:4326).
static void setGeographic(GTIF *keys) {
    GTIFKeySet(keys, GTModelTypeGeoKey, TYPE_SHORT, 1, ModelTypeGeographic);
    GTIFKeySet(keys, GeographicTypeGeoKey, TYPE_SHORT, 1, GCS_WGS_84);
    GTIFKeySet(keys, GeogCitationGeoKey, TYPE_ASCII, 0, "WGS 84");
    GTIFKeySet(keys, GeogAngularUnitsGeoKey, TYPE_SHORT, 1, Angular_Degree);
}

// Metres of a system of the EPSG registry, or of one that is spelt out.
static void setProjected(GTIF *keys, const CGeoTIFFLayout *layout) {
    GTIFKeySet(keys, GTModelTypeGeoKey, TYPE_SHORT, 1, ModelTypeProjected);
    GTIFKeySet(keys, GTCitationGeoKey, TYPE_ASCII, 0, layout->citation);
    GTIFKeySet(keys, ProjLinearUnitsGeoKey, TYPE_SHORT, 1, Linear_Meter);
    GTIFKeySet(keys, ProjectedCSTypeGeoKey, TYPE_SHORT, 1, layout->code ? layout->code : KvUserDefined);
    if (layout->code) return;
    GTIFKeySet(keys, GeographicTypeGeoKey, TYPE_SHORT, 1, layout->baseCode);
    GTIFKeySet(keys, GeogAngularUnitsGeoKey, TYPE_SHORT, 1, Angular_Degree);
    GTIFKeySet(keys, ProjectionGeoKey, TYPE_SHORT, 1, KvUserDefined);
    GTIFKeySet(keys, ProjCoordTransGeoKey, TYPE_SHORT, 1, layout->method);
    for (uint16_t index = 0; index < layout->parameterCount; index++)
        GTIFKeySet(keys, (geokey_t)layout->keys[index], TYPE_DOUBLE, 1, layout->values[index]);
}

// A value stands for the area of its cell.
static int setPlace(struct CGeoTIFF *file) {
    const CGeoTIFFLayout *layout = &file->layout;
    double scale[3] = {layout->columnStep, layout->rowStep, 0};
    double corner[6] = {0, 0, 0, layout->west, layout->north, 0};
    TIFFSetField(file->tiff, TIFFTAG_GEOPIXELSCALE, 3, scale);
    TIFFSetField(file->tiff, TIFFTAG_GEOTIEPOINTS, 6, corner);
    GTIF *keys = GTIFNew(file->tiff);
    if (!keys) return -1;
    if (layout->isProjected) setProjected(keys, layout);
    else setGeographic(keys);
    GTIFKeySet(keys, GTRasterTypeGeoKey, TYPE_SHORT, 1, RasterPixelIsArea);
    int written = GTIFWriteKeys(keys);
    GTIFFree(keys);
    return written ? 0 : -1;
}

static TIFF *openForWriting(const char *path, struct CGeoTIFF *file) {
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options) return NULL;
    TIFFOpenOptionsSetErrorHandlerExtR(options, note, file);
    TIFFOpenOptionsSetWarningHandlerExtR(options, note, file);
    // Beyond four gigabytes offsets need 64 bits (BigTIFF); compressed, floats never take more than they are.
    const CGeoTIFFLayout *layout = &file->layout;
    double bytes = 4.0 * layout->columns * layout->rows * layout->bands;
    TIFF *tiff = TIFFOpenExt(path, bytes > 3.9e9 ? "w8l" : "wl", options);
    TIFFOpenOptionsFree(options);
    return tiff;
}

CGeoTIFF *cgeotiff_create(const char *path, const CGeoTIFFLayout *layout, char *reason, int reasonLength) {
    cgeotiff_register();
    struct CGeoTIFF *file = calloc(1, sizeof *file);
    if (!file) return NULL;
    file->layout = *layout;
    file->tiff = openForWriting(path, file);
    if (file->tiff) {
        setTags(file);
        int placed = file->reason[0] == 0 && setPlace(file) == 0 && file->reason[0] == 0;
        // The tags are copied by the library; the caller's texts end with this call.
        file->layout.metadata = file->layout.noData = file->layout.software = NULL;
        file->layout.citation = NULL;
        file->layout.keys = NULL;
        file->layout.values = NULL;
        if (placed) return file;
    }
    tell(file, reason, reasonLength);
    cgeotiff_abandon(file);
    return NULL;
}

int cgeotiff_write(CGeoTIFF *file, uint16_t band, uint32_t strip, const float *values, uint32_t rows) {
    tmsize_t bytes = (tmsize_t)rows * file->layout.columns * (tmsize_t)sizeof(float);
    float *copy = malloc((size_t)bytes);
    if (!copy) return -1;
    // The predictor works in place.
    memcpy(copy, values, (size_t)bytes);
    uint32_t strips = (file->layout.rows + file->layout.stripRows - 1) / file->layout.stripRows;
    tmsize_t written = TIFFWriteEncodedStrip(file->tiff, band * strips + strip, copy, bytes);
    free(copy);
    return written == bytes ? 0 : -1;
}

int cgeotiff_finish(CGeoTIFF *file, char *reason, int reasonLength) {
    int flushed = TIFFFlush(file->tiff);
    int failed = !flushed || file->reason[0] != 0;
    tell(file, reason, reasonLength);
    cgeotiff_abandon(file);
    return failed ? -1 : 0;
}

void cgeotiff_abandon(CGeoTIFF *file) {
    if (file->tiff) TIFFClose(file->tiff);
    free(file);
}

const char *cgeotiff_tiff_version(void) { return TIFFGetVersion(); }

int cgeotiff_geotiff_version(void) { return LIBGEOTIFF_VERSION; }

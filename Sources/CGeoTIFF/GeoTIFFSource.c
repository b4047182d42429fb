#include "CGeoTIFF.h"

#include <geotiff/geo_normalize.h>
#include <geotiff/geotiffio.h>
#include <geotiff/xtiffio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#define REASON_LENGTH 200
#define TAG_GDAL_NODATA 42113
// No block of a real picture is larger; a damaged size must not take the memory of the machine.
#define LARGEST_BLOCK (1u << 30)

struct CGeoTIFFSource {
    TIFF *tiff;
    CGeoTIFFShape shape;
    uint16_t bits, format, planar;
    int isTiled;
    uint32_t blockColumns, blockRows;
    // The decoded row of blocks, and which it is: band and block row.
    unsigned char *blocks;
    tmsize_t blockBytes;
    uint32_t blocksAcross;
    int64_t loadedBand, loadedRow;
    char reason[REASON_LENGTH];
};

static int note(TIFF *tiff, void *user, const char *module, const char *format, va_list arguments) {
    (void)tiff;
    (void)module;
    struct CGeoTIFFSource *file = user;
    if (file->reason[0] == 0) vsnprintf(file->reason, REASON_LENGTH, format, arguments);
    return 1;
}

// Tags that the library does not know are no failure.
static int ignore(TIFF *tiff, void *user, const char *module, const char *format, va_list arguments) {
    (void)tiff, (void)user, (void)module, (void)format, (void)arguments;
    return 1;
}

static void tell(const struct CGeoTIFFSource *file, char *reason, int length) {
    if (reason && length > 0) snprintf(reason, (size_t)length, "%s", file->reason);
}

static int fail(struct CGeoTIFFSource *file, const char *words) {
    if (file->reason[0] == 0) snprintf(file->reason, REASON_LENGTH, "%s", words);
    return -1;
}

// The library knows no tags of GDAL: it gives them with their length, unless a writer of ours has named them before.
static void readNoData(struct CGeoTIFFSource *file) {
    const TIFFField *field = TIFFFindField(file->tiff, TAG_GDAL_NODATA, TIFF_ASCII);
    char *text = NULL, copy[64] = {0};
    uint32_t length = sizeof copy - 1;
    if (!field) return;
    int found = TIFFFieldPassCount(field) ? TIFFGetField(file->tiff, TAG_GDAL_NODATA, &length, &text)
                                          : TIFFGetField(file->tiff, TAG_GDAL_NODATA, &text);
    if (!found || !text) return;
    if (length > sizeof copy - 1) length = sizeof copy - 1;
    for (uint32_t index = 0; index < length && text[index]; index++) copy[index] = text[index];
    char *end = NULL;
    file->shape.noData = strtod(copy, &end);
    file->shape.hasNoData = end != copy;
}

static int readPlace(struct CGeoTIFFSource *file) {
    uint16_t count = 0;
    double *scale = NULL, *points = NULL;
    if (!TIFFGetField(file->tiff, TIFFTAG_GEOPIXELSCALE, &count, &scale) || count < 2)
        return fail(file, "it does not say where it lies (no ModelPixelScale)");
    double columnStep = scale[0], rowStep = scale[1];
    if (!TIFFGetField(file->tiff, TIFFTAG_GEOTIEPOINTS, &count, &points) || count < 6)
        return fail(file, "it does not say where it lies (no ModelTiepoint)");
    CGeoTIFFShape *shape = &file->shape;
    shape->columnStep = columnStep;
    shape->rowStep = rowStep;
    shape->west = points[3] - points[0] * columnStep;
    shape->north = points[4] + points[1] * rowStep;
    GTIF *keys = GTIFNew(file->tiff);
    if (!keys) return fail(file, "it has no system of coordinates");
    uint16_t model = 0, raster = 0, code = 0;
    GTIFKeyGet(keys, GTModelTypeGeoKey, &model, 0, 1);
    GTIFKeyGet(keys, GTRasterTypeGeoKey, &raster, 0, 1);
    shape->isGeographic = model == ModelTypeGeographic;
    if (GTIFKeyGet(keys, shape->isGeographic ? GeographicTypeGeoKey : ProjectedCSTypeGeoKey, &code, 0, 1))
        shape->code = code;
    GTIFFree(keys);
    // A point stands at the middle of its cell.
    if (raster == RasterPixelIsPoint) {
        shape->west -= columnStep / 2;
        shape->north += rowStep / 2;
    }
    return 0;
}

static int readBlocks(struct CGeoTIFFSource *file) {
    TIFF *tiff = file->tiff;
    file->isTiled = TIFFIsTiled(tiff);
    if (file->isTiled) {
        TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &file->blockColumns);
        TIFFGetField(tiff, TIFFTAG_TILELENGTH, &file->blockRows);
        file->blockBytes = TIFFTileSize(tiff);
    } else {
        file->blockColumns = file->shape.columns;
        if (!TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &file->blockRows)) file->blockRows = file->shape.rows;
        if (file->blockRows > file->shape.rows) file->blockRows = file->shape.rows;
        file->blockBytes = TIFFStripSize(tiff);
    }
    if (!file->blockColumns || !file->blockRows) return fail(file, "its blocks have no size");
    file->blocksAcross = (file->shape.columns - 1) / file->blockColumns + 1;
    uint64_t samples = file->planar == PLANARCONFIG_CONTIG ? file->shape.bands : 1;
    uint64_t needed = (uint64_t)file->blockColumns * file->blockRows * samples * (file->bits / 8);
    if (file->blockBytes <= 0 || (uint64_t)file->blockBytes < needed) return fail(file, "its blocks are too short");
    if ((uint64_t)file->blockBytes * file->blocksAcross > LARGEST_BLOCK) return fail(file, "its blocks are too large");
    file->blocks = malloc((size_t)file->blockBytes * file->blocksAcross);
    return file->blocks ? 0 : fail(file, "no memory");
}

static int readShape(struct CGeoTIFFSource *file) {
    TIFF *tiff = file->tiff;
    CGeoTIFFShape *shape = &file->shape;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &shape->columns);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &shape->rows);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &shape->bands);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &file->bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &file->format);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &file->planar);
    if (!shape->columns || !shape->rows || !shape->bands) return fail(file, "it has no cells");
    int isFloat = file->format == SAMPLEFORMAT_IEEEFP && (file->bits == 32 || file->bits == 64);
    int isWhole = (file->format == SAMPLEFORMAT_UINT || file->format == SAMPLEFORMAT_INT)
        && (file->bits == 8 || file->bits == 16 || file->bits == 32);
    if (!isFloat && !isWhole) return fail(file, "its values are of a kind that is not read");
    if (readPlace(file)) return -1;
    readNoData(file);
    return readBlocks(file);
}

CGeoTIFFSource *cgeotiff_open(const char *path, CGeoTIFFShape *shape, char *reason, int reasonLength) {
    struct CGeoTIFFSource *file = calloc(1, sizeof *file);
    if (!file) return NULL;
    cgeotiff_register();
    file->loadedBand = file->loadedRow = -1;
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (options) {
        TIFFOpenOptionsSetErrorHandlerExtR(options, note, file);
        TIFFOpenOptionsSetWarningHandlerExtR(options, ignore, file);
        file->tiff = TIFFOpenExt(path, "r", options);
        TIFFOpenOptionsFree(options);
    }
    if (file->tiff && readShape(file) == 0) {
        *shape = file->shape;
        return file;
    }
    tell(file, reason, reasonLength);
    cgeotiff_close(file);
    return NULL;
}

static int load(struct CGeoTIFFSource *file, uint16_t band, uint32_t blockRow) {
    uint16_t sample = file->planar == PLANARCONFIG_CONTIG ? 0 : band;
    if (file->loadedBand == sample && file->loadedRow == blockRow) return 0;
    file->loadedBand = -1;
    memset(file->blocks, 0, (size_t)file->blockBytes * file->blocksAcross);
    for (uint32_t across = 0; across < file->blocksAcross; across++) {
        unsigned char *target = file->blocks + (size_t)file->blockBytes * across;
        uint32_t row = blockRow * file->blockRows;
        tmsize_t bytes;
        if (file->isTiled) {
            uint32_t tile = TIFFComputeTile(file->tiff, across * file->blockColumns, row, 0, sample);
            bytes = TIFFReadEncodedTile(file->tiff, tile, target, file->blockBytes);
        } else {
            bytes = TIFFReadEncodedStrip(file->tiff, TIFFComputeStrip(file->tiff, row, sample), target, file->blockBytes);
        }
        if (bytes < 0) return fail(file, "a block cannot be decoded");
    }
    file->loadedBand = sample;
    file->loadedRow = blockRow;
    return 0;
}

static double value(const struct CGeoTIFFSource *file, const unsigned char *bytes) {
    float single;
    double number;
    int16_t small;
    int32_t whole;
    uint16_t smallPlain;
    uint32_t wholePlain;
    switch (file->format * 100 + file->bits) {
    case SAMPLEFORMAT_IEEEFP * 100 + 32: memcpy(&single, bytes, 4); return single;
    case SAMPLEFORMAT_IEEEFP * 100 + 64: memcpy(&number, bytes, 8); return number;
    case SAMPLEFORMAT_INT * 100 + 8: return (signed char)bytes[0];
    case SAMPLEFORMAT_INT * 100 + 16: memcpy(&small, bytes, 2); return small;
    case SAMPLEFORMAT_INT * 100 + 32: memcpy(&whole, bytes, 4); return whole;
    case SAMPLEFORMAT_UINT * 100 + 8: return bytes[0];
    case SAMPLEFORMAT_UINT * 100 + 16: memcpy(&smallPlain, bytes, 2); return smallPlain;
    default: memcpy(&wholePlain, bytes, 4); return wholePlain;
    }
}

int cgeotiff_read(CGeoTIFFSource *file, uint16_t band, uint32_t row, double *values, char *reason, int reasonLength) {
    if (band >= file->shape.bands || row >= file->shape.rows || load(file, band, row / file->blockRows)) {
        fail(file, "no such row or band");
        tell(file, reason, reasonLength);
        return -1;
    }
    size_t size = file->bits / 8;
    size_t samples = file->planar == PLANARCONFIG_CONTIG ? file->shape.bands : 1;
    size_t sample = file->planar == PLANARCONFIG_CONTIG ? band : 0;
    size_t inner = row % file->blockRows;
    for (uint32_t column = 0; column < file->shape.columns; column++) {
        const unsigned char *block = file->blocks + (size_t)file->blockBytes * (column / file->blockColumns);
        size_t cell = inner * file->blockColumns + column % file->blockColumns;
        values[column] = value(file, block + (cell * samples + sample) * size);
    }
    return 0;
}

void cgeotiff_close(CGeoTIFFSource *file) {
    if (file->tiff) TIFFClose(file->tiff);
    free(file->blocks);
    free(file);
}

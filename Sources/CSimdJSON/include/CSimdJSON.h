#ifndef CROSSWIND_SIMDJSON_H
#define CROSSWIND_SIMDJSON_H

#ifdef __cplusplus
extern "C" {
#endif

/// Version of the library, e.g. "3.0.1".
const char *crosswind_simdjson_version(void);

#ifdef __cplusplus
}
#endif

#endif

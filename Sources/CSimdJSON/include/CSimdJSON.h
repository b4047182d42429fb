#ifndef CROSSWIND_SIMDJSON_H
#define CROSSWIND_SIMDJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Version of the library, e.g. "3.0.1".
const char *crosswind_simdjson_version(void);

enum {
    CROSSWIND_JSON_NULL = 0,
    CROSSWIND_JSON_FALSE = 1,
    CROSSWIND_JSON_TRUE = 2,
    CROSSWIND_JSON_NUMBER = 3,
    /// Looks like a number and is none of the grammar, or none that a double holds.
    CROSSWIND_JSON_UNREADABLE_NUMBER = 4,
    CROSSWIND_JSON_STRING = 5,
    CROSSWIND_JSON_ARRAY = 6,
    CROSSWIND_JSON_OBJECT = 7,
};

/// One value of a document. The values stand in document order, an array or object before what it contains.
struct crosswind_json_node {
    double number;
    /// Of a number that is an integer of 64 bits.
    int64_t whole;
    /// The first bytes of the key, the first lowest, zeros after its end.
    uint64_t key_word;
    /// The unescaped key of an object's member; belongs to the parser.
    const uint8_t *key;
    /// The unescaped text of a string; belongs to the parser.
    const uint8_t *text;
    uint32_t key_count;
    uint32_t text_count;
    /// How many nodes the value takes, itself included.
    uint32_t size;
    uint8_t kind;
    bool is_whole;
};

enum {
    CROSSWIND_JSON_SUCCESS = 0,
    CROSSWIND_JSON_EMPTY = 1,
    CROSSWIND_JSON_NOT_UTF8 = 2,
    CROSSWIND_JSON_UNCLOSED_STRING = 3,
    CROSSWIND_JSON_CONTROL_CHARACTER = 4,
    CROSSWIND_JSON_BAD_ESCAPE = 5,
    CROSSWIND_JSON_BAD_GRAMMAR = 6,
    /// `NaN` or an infinity, as JSON5 and many devices write them.
    CROSSWIND_JSON_NOT_FINITE = 7,
    CROSSWIND_JSON_TOO_DEEP = 8,
    CROSSWIND_JSON_TOO_MANY_VALUES = 9,
    CROSSWIND_JSON_TOO_LONG = 10,
    CROSSWIND_JSON_NO_MEMORY = 11,
};

struct crosswind_json_result {
    /// The root value; null on failure. Valid until the next document or the end of the parser.
    const struct crosswind_json_node *root;
    /// Offset of the byte where the error was found; negative where it is not known.
    int64_t position;
    int32_t error;
};

struct crosswind_json_parser;

/// Null when there is no memory.
struct crosswind_json_parser *crosswind_json_parser_create(size_t max_bytes, uint32_t max_values,
                                                           uint32_t max_depth);
void crosswind_json_parser_destroy(struct crosswind_json_parser *parser);

/// Reads one document, whole. The bytes are copied.
struct crosswind_json_result crosswind_json_parse(struct crosswind_json_parser *parser, const void *bytes,
                                                  size_t count);

#ifdef __cplusplus
}
#endif

#endif

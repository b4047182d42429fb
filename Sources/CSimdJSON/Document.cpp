#include "CSimdJSON.h"

#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <new>

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

const char *crosswind_simdjson_version(void) { return TEXT(SIMDJSON_VERSION); }

namespace ondemand = simdjson::ondemand;

// What a large document took is given back after it.
static const size_t kept_bytes = 1 << 20;
static const size_t kept_nodes = 1 << 14;

struct crosswind_json_parser {
    ondemand::parser parser;
    size_t max_bytes;
    uint32_t max_values;
    uint32_t max_depth;
    char *buffer = nullptr;
    size_t buffer_capacity = 0;
    crosswind_json_node *nodes = nullptr;
    size_t node_count = 0;
    size_t node_capacity = 0;
    // Where a value begins that cannot be one.
    const char *culprit = nullptr;

    explicit crosswind_json_parser(size_t bytes) : parser(bytes + 2) {}
    ~crosswind_json_parser() {
        free(buffer);
        free(nodes);
    }

    int32_t add(crosswind_json_node node, size_t &index);
    int32_t flatten(ondemand::value value, std::string_view key, bool has_key, uint32_t depth);
    int32_t flatten_scalar(ondemand::value value, std::string_view token, crosswind_json_node &node);
    int32_t flatten_array(ondemand::value value, uint32_t depth);
    int32_t flatten_object(ondemand::value value, uint32_t depth);
    int32_t read(ondemand::document &document);
    bool reserve(size_t count);
    void release_excess();
};

static int32_t code(simdjson::error_code error) {
    switch (error) {
    case simdjson::SUCCESS: return CROSSWIND_JSON_SUCCESS;
    case simdjson::EMPTY: return CROSSWIND_JSON_EMPTY;
    case simdjson::UTF8_ERROR: return CROSSWIND_JSON_NOT_UTF8;
    case simdjson::UNCLOSED_STRING: return CROSSWIND_JSON_UNCLOSED_STRING;
    case simdjson::UNESCAPED_CHARS: return CROSSWIND_JSON_CONTROL_CHARACTER;
    case simdjson::STRING_ERROR: return CROSSWIND_JSON_BAD_ESCAPE;
    case simdjson::CAPACITY: return CROSSWIND_JSON_TOO_LONG;
    case simdjson::MEMALLOC: return CROSSWIND_JSON_NO_MEMORY;
    default: return CROSSWIND_JSON_BAD_GRAMMAR;
    }
}

// Of a text in the parser's buffer, which has SIMDJSON_PADDING bytes to spare.
static uint64_t first_word(std::string_view text) {
    if (text.empty()) return 0;
    uint64_t word;
    memcpy(&word, text.data(), sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return text.size() < 8 ? word & ((uint64_t(1) << (8 * text.size())) - 1) : word;
}

int32_t crosswind_json_parser::add(crosswind_json_node node, size_t &index) {
    if (node_count == max_values) return CROSSWIND_JSON_TOO_MANY_VALUES;
    if (node_count == node_capacity) {
        size_t capacity = node_capacity == 0 ? 256 : node_capacity * 2;
        void *grown = realloc(nodes, capacity * sizeof(crosswind_json_node));
        if (!grown) return CROSSWIND_JSON_NO_MEMORY;
        nodes = static_cast<crosswind_json_node *>(grown);
        node_capacity = capacity;
    }
    index = node_count++;
    nodes[index] = node;
    return CROSSWIND_JSON_SUCCESS;
}

static bool begins(std::string_view text, const char *word) {
    return text.compare(0, strlen(word), word) == 0;
}

// Beyond JSON but within JSON5: `NaN`, `Infinity` and both with a sign; other spellings are met as well.
static bool is_not_finite(std::string_view token) {
    if (!token.empty() && (token[0] == '-' || token[0] == '+')) token.remove_prefix(1);
    return begins(token, "NaN") || begins(token, "Inf") || begins(token, "nan") || begins(token, "inf");
}

// `value::get_number` is not used: in 3.0.1 it gives 0 for numbers of more than 19 digits.
static int32_t read_number(ondemand::value value, std::string_view token, crosswind_json_node &node) {
    node.kind = CROSSWIND_JSON_NUMBER;
    bool may_be_whole = token.find_first_of(".eE") == std::string_view::npos;
    if (may_be_whole && value.get_int64().get(node.whole) == simdjson::SUCCESS) {
        node.is_whole = true;
        node.number = node.whole == 0 && token[0] == '-' ? -0.0 : double(node.whole);
        return CROSSWIND_JSON_SUCCESS;
    }
    // An integer of more than 64 bits is still a double.
    if (value.get_double().get(node.number) != simdjson::SUCCESS || !std::isfinite(node.number)) {
        if (is_not_finite(token)) return CROSSWIND_JSON_NOT_FINITE;
        node.kind = CROSSWIND_JSON_UNREADABLE_NUMBER;
    }
    return CROSSWIND_JSON_SUCCESS;
}

int32_t crosswind_json_parser::flatten_scalar(ondemand::value value, std::string_view token,
                                              crosswind_json_node &node) {
    switch (token.empty() ? '\0' : token[0]) {
    case '"': {
        std::string_view text;
        simdjson::error_code error = value.get_string().get(text);
        if (error) return code(error);
        node.kind = CROSSWIND_JSON_STRING;
        node.text = reinterpret_cast<const uint8_t *>(text.data());
        node.text_count = uint32_t(text.size());
        return CROSSWIND_JSON_SUCCESS;
    }
    case 't':
    case 'f': {
        bool truth;
        if (value.get_bool().get(truth)) return CROSSWIND_JSON_BAD_GRAMMAR;
        node.kind = truth ? CROSSWIND_JSON_TRUE : CROSSWIND_JSON_FALSE;
        return CROSSWIND_JSON_SUCCESS;
    }
    case 'n': {
        bool is_null = false;
        if (value.is_null().get(is_null) || !is_null) {
            return is_not_finite(token) ? CROSSWIND_JSON_NOT_FINITE : CROSSWIND_JSON_BAD_GRAMMAR;
        }
        node.kind = CROSSWIND_JSON_NULL;
        return CROSSWIND_JSON_SUCCESS;
    }
    case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        return read_number(value, token, node);
    default:
        return is_not_finite(token) ? CROSSWIND_JSON_NOT_FINITE : CROSSWIND_JSON_BAD_GRAMMAR;
    }
}

int32_t crosswind_json_parser::flatten_array(ondemand::value value, uint32_t depth) {
    ondemand::array array;
    simdjson::error_code error = value.get_array().get(array);
    if (error) return code(error);
    for (simdjson::simdjson_result<ondemand::value> item : array) {
        ondemand::value element;
        error = item.get(element);
        if (error) return code(error);
        int32_t failure = flatten(element, std::string_view(), false, depth + 1);
        if (failure) return failure;
    }
    return CROSSWIND_JSON_SUCCESS;
}

int32_t crosswind_json_parser::flatten_object(ondemand::value value, uint32_t depth) {
    ondemand::object object;
    simdjson::error_code error = value.get_object().get(object);
    if (error) return code(error);
    for (simdjson::simdjson_result<ondemand::field> item : object) {
        ondemand::field field;
        error = std::move(item).get(field);
        if (error) return code(error);
        std::string_view key;
        error = field.unescaped_key().get(key);
        if (error) return code(error);
        int32_t failure = flatten(field.value(), key, true, depth + 1);
        if (failure) return failure;
    }
    return CROSSWIND_JSON_SUCCESS;
}

int32_t crosswind_json_parser::flatten(ondemand::value value, std::string_view key, bool has_key,
                                       uint32_t depth) {
    if (depth > max_depth) return CROSSWIND_JSON_TOO_DEEP;
    std::string_view token = value.raw_json_token();
    crosswind_json_node node = {};
    node.size = 1;
    if (has_key) {
        node.key = reinterpret_cast<const uint8_t *>(key.data());
        node.key_count = uint32_t(key.size());
        node.key_word = first_word(key);
    }
    size_t index = 0;
    bool is_array = !token.empty() && token[0] == '[';
    bool is_object = !token.empty() && token[0] == '{';
    if (!is_array && !is_object) {
        int32_t failure = flatten_scalar(value, token, node);
        if (failure) culprit = token.data();
        return failure ? failure : add(node, index);
    }
    node.kind = is_array ? CROSSWIND_JSON_ARRAY : CROSSWIND_JSON_OBJECT;
    int32_t failure = add(node, index);
    if (failure) return failure;
    failure = is_array ? flatten_array(value, depth) : flatten_object(value, depth);
    if (failure) return failure;
    nodes[index].size = uint32_t(node_count - index);
    return CROSSWIND_JSON_SUCCESS;
}

// The document stands in brackets of ours, so that scalars and what follows the document need no ways of their own.
int32_t crosswind_json_parser::read(ondemand::document &document) {
    ondemand::array array;
    simdjson::error_code error = document.get_array().get(array);
    if (error) return code(error);
    bool found = false;
    for (simdjson::simdjson_result<ondemand::value> item : array) {
        if (found) return CROSSWIND_JSON_BAD_GRAMMAR;
        ondemand::value value;
        error = item.get(value);
        if (error) return code(error);
        int32_t failure = flatten(value, std::string_view(), false, 0);
        if (failure) return failure;
        found = true;
    }
    bool is_at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
    if (!is_at_end) return CROSSWIND_JSON_BAD_GRAMMAR;
    return found ? CROSSWIND_JSON_SUCCESS : CROSSWIND_JSON_EMPTY;
}

bool crosswind_json_parser::reserve(size_t count) {
    if (count <= buffer_capacity) return true;
    size_t capacity = buffer_capacity < 4096 ? 4096 : buffer_capacity;
    while (capacity < count) capacity *= 2;
    char *grown = static_cast<char *>(malloc(capacity));
    if (!grown) return false;
    free(buffer);
    buffer = grown;
    buffer_capacity = capacity;
    return true;
}

void crosswind_json_parser::release_excess() {
    if (buffer_capacity > kept_bytes) {
        free(buffer);
        buffer = nullptr;
        buffer_capacity = 0;
        parser = ondemand::parser(max_bytes + 2);
    }
    if (node_capacity > kept_nodes) {
        free(nodes);
        nodes = nullptr;
        node_capacity = 0;
    }
}

crosswind_json_parser *crosswind_json_parser_create(size_t max_bytes, uint32_t max_values, uint32_t max_depth) {
    crosswind_json_parser *parser = new (std::nothrow) crosswind_json_parser(max_bytes);
    if (!parser) return nullptr;
    parser->max_bytes = max_bytes;
    parser->max_values = max_values;
    parser->max_depth = max_depth;
    return parser;
}

void crosswind_json_parser_destroy(crosswind_json_parser *parser) { delete parser; }

// Some loggers begin their text with a byte order mark, which RFC 8259 (8.1) lets a reader pass over.
static size_t mark_count(const char *bytes, size_t count) {
    return count >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static crosswind_json_result failure(int32_t error, int64_t position) { return {nullptr, position, error}; }

crosswind_json_result crosswind_json_parse(crosswind_json_parser *self, const void *bytes, size_t count) {
    self->release_excess();
    self->node_count = 0;
    self->culprit = nullptr;
    if (count > self->max_bytes) return failure(CROSSWIND_JSON_TOO_LONG, int64_t(self->max_bytes));
    size_t mark = mark_count(static_cast<const char *>(bytes), count);
    size_t length = count - mark + 2;
    size_t capacity = length + simdjson::SIMDJSON_PADDING;
    if (!self->reserve(capacity)) return failure(CROSSWIND_JSON_NO_MEMORY, -1);
    self->buffer[0] = '[';
    if (length > 2) memcpy(self->buffer + 1, static_cast<const char *>(bytes) + mark, length - 2);
    self->buffer[length - 1] = ']';
    memset(self->buffer + length, ' ', simdjson::SIMDJSON_PADDING);

    ondemand::document document;
    simdjson::error_code started = self->parser.iterate(self->buffer, length, capacity).get(document);
    if (started) return failure(code(started), -1);
    int32_t error = self->read(document);
    if (error == CROSSWIND_JSON_SUCCESS) return {self->nodes, -1, error};

    const char *place = self->culprit;
    if (!place && document.current_location().get(place) != simdjson::SUCCESS) place = nullptr;
    bool is_inside = place && place > self->buffer && place < self->buffer + length;
    int64_t position = is_inside ? int64_t(place - self->buffer) - 1 + int64_t(mark) : -1;
    return failure(error, position);
}

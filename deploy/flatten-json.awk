# Flattens one JSON value into lines of a path and a value, e.g. `stations.0.stored 18620`, so that shell
# scripts can read the summaries of `crosswind ... --json` without another interpreter. Strings lose their
# quotes and keep their escapes.

{ text = text $0 "\n" }

END {
    at = 1
    value("")
}

function next_sign() {
    while (index(" \t\r\n", substr(text, at, 1)) && at <= length(text)) at++
    return substr(text, at, 1)
}

function string(    start) {
    start = ++at
    while (at <= length(text) && substr(text, at, 1) != "\"") at += substr(text, at, 1) == "\\" ? 2 : 1
    return substr(text, start, at++ - start)
}

function value(path,    sign, start) {
    sign = next_sign()
    if (sign == "{" || sign == "[") {
        at++
        members(path, sign == "{")
    } else if (sign == "\"") {
        print path, string()
    } else {
        start = at
        while (at <= length(text) && !index(",]} \t\r\n", substr(text, at, 1))) at++
        print path, substr(text, start, at - start)
    }
}

function members(path, named,    sign, name, count) {
    count = 0
    while ((sign = next_sign()) != "" && sign != "}" && sign != "]") {
        if (sign == ",") { at++; continue }
        name = count++
        if (named) {
            name = string()
            next_sign()
            at++
        }
        value(path == "" ? name : path "." name)
    }
    at++
}

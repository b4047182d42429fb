// Starting libmicrohttpd takes a variadic list of options, which Swift cannot call.
#pragma once
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdint.h>

/// One epoll thread inside the library. NULL with errno set when it cannot listen.
struct MHD_Daemon *crosswind_http_start(
    struct in_addr host, uint16_t port, unsigned connections_max, unsigned idle_seconds_max,
    MHD_AccessHandlerCallback handler, void *context);

/// The port listened on, also when the system chose it; 0 when unknown.
uint16_t crosswind_http_port(struct MHD_Daemon *daemon);

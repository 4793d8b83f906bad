/*
 * The core imports of wasi:sockets, wasi:io and wasi:clocks, flattened by hand after the Canonical ABI.
 *
 * A borrowed or owned handle is an i32. An `ip-socket-address` flattens to its discriminant and the joined fields of
 * both cases, twelve i32 in all. A result that needs more than one core value goes through memory: the last parameter
 * is where, and the structures below are how it is laid out there.
 */
#ifndef WITTLE_WASI_SOCKETS_H
#define WITTLE_WASI_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int32_t handle;

/* Handle tables never hand out negative numbers. */
#define NO_HANDLE ((handle)-1)

/* ---- enumerations ---- */

enum wasi_error_code {
    WASI_UNKNOWN,
    WASI_ACCESS_DENIED,
    WASI_NOT_SUPPORTED,
    WASI_INVALID_ARGUMENT,
    WASI_OUT_OF_MEMORY,
    WASI_TIMEOUT,
    WASI_CONCURRENCY_CONFLICT,
    WASI_NOT_IN_PROGRESS,
    WASI_WOULD_BLOCK,
    WASI_INVALID_STATE,
    WASI_NEW_SOCKET_LIMIT,
    WASI_ADDRESS_NOT_BINDABLE,
    WASI_ADDRESS_IN_USE,
    WASI_REMOTE_UNREACHABLE,
    WASI_CONNECTION_REFUSED,
    WASI_CONNECTION_RESET,
    WASI_CONNECTION_ABORTED,
    WASI_DATAGRAM_TOO_LARGE,
    WASI_NAME_UNRESOLVABLE,
    WASI_TEMPORARY_RESOLVER_FAILURE,
    WASI_PERMANENT_RESOLVER_FAILURE,
};

enum wasi_family { WASI_IPV4, WASI_IPV6 };
enum wasi_shutdown { WASI_RECEIVE, WASI_SEND, WASI_BOTH };
enum wasi_stream_error { WASI_LAST_OPERATION_FAILED, WASI_CLOSED };

/* ---- values in memory ---- */

struct wasi_ipv4_socket_address {
    uint16_t port;
    uint8_t address[4];
};

struct wasi_ipv6_socket_address {
    uint16_t port;
    uint32_t flow_info;
    uint16_t address[8];
    uint32_t scope_id;
};

struct wasi_socket_address {
    uint8_t family;
    union {
        struct wasi_ipv4_socket_address ipv4;
        struct wasi_ipv6_socket_address ipv6;
    };
};

struct wasi_ip_address {
    uint8_t family;
    union {
        uint8_t ipv4[4];
        uint16_t ipv6[8];
    };
};

struct wasi_incoming_datagram {
    uint8_t *data;
    size_t length;
    struct wasi_socket_address from;
};

struct wasi_outgoing_datagram {
    const uint8_t *data;
    size_t length;
    struct {
        uint8_t is_some;
        struct wasi_socket_address value;
    } to;
};

struct stream_failure {
    uint8_t kind;
    handle error; /* owned, with WASI_LAST_OPERATION_FAILED only */
};

struct result_unit {
    uint8_t is_error;
    uint8_t error;
};

struct result_u8 {
    uint8_t is_error;
    union {
        uint8_t value;
        uint8_t error;
    };
};

struct result_u32 {
    uint8_t is_error;
    union {
        uint32_t value;
        uint8_t error;
    };
};

struct result_u64 {
    uint8_t is_error;
    union {
        uint64_t value;
        uint8_t error;
    };
};

struct result_handles {
    uint8_t is_error;
    union {
        handle value[3]; /* as many as the function returns */
        uint8_t error;
    };
};

struct result_address {
    uint8_t is_error;
    union {
        struct wasi_socket_address value;
        uint8_t error;
    };
};

struct result_datagrams {
    uint8_t is_error;
    union {
        struct {
            struct wasi_incoming_datagram *data;
            size_t length;
        } value;
        uint8_t error;
    };
};

struct result_next_address {
    uint8_t is_error;
    union {
        struct {
            uint8_t is_some;
            struct wasi_ip_address address;
        } value;
        uint8_t error;
    };
};

struct result_bytes {
    uint8_t is_error;
    union {
        struct {
            uint8_t *data;
            size_t length;
        } value;
        struct stream_failure failure;
    };
};

struct result_permit {
    uint8_t is_error;
    union {
        uint64_t value;
        struct stream_failure failure;
    };
};

struct result_written {
    uint8_t is_error;
    struct stream_failure failure;
};

struct ready_list {
    uint32_t *data;
    size_t length;
};

_Static_assert(sizeof(struct wasi_socket_address) == 32, "variant of records: 4 + 28");
_Static_assert(sizeof(struct wasi_ip_address) == 18, "variant of tuples: 2 + 16");
_Static_assert(sizeof(struct wasi_incoming_datagram) == 40, "list, then address");
_Static_assert(sizeof(struct wasi_outgoing_datagram) == 44, "list, then option of address");
_Static_assert(offsetof(struct result_address, value) == 4, "the payload has its own alignment");
_Static_assert(offsetof(struct result_u64, value) == 8, "the payload has its own alignment");
_Static_assert(offsetof(struct result_permit, failure) == 8, "the error is aligned like the u64 beside it");
_Static_assert(offsetof(struct result_bytes, failure) == 4, "the payload has its own alignment");
_Static_assert(offsetof(struct result_written, failure) == 4, "the payload has its own alignment");
_Static_assert(sizeof(struct result_next_address) == 22, "2 + option (2 + 18)");
_Static_assert(sizeof(struct result_unit) == 2, "two bytes");

/* ---- an ip-socket-address as parameters ---- */

struct flat_address {
    int32_t at[12];
};

#define FLAT_ADDRESS                                                                                                  \
    int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t
#define SPREAD(flat)                                                                                                  \
    (flat).at[0], (flat).at[1], (flat).at[2], (flat).at[3], (flat).at[4], (flat).at[5], (flat).at[6], (flat).at[7],   \
        (flat).at[8], (flat).at[9], (flat).at[10], (flat).at[11]

/* ---- imports ---- */

#define WASI_VERSION "@0.2.12"
#define IMPORT(interface, function) __attribute__((import_module(interface WASI_VERSION), import_name(function)))

/* wasi:io/poll */
#define POLL(function) IMPORT("wasi:io/poll", function)
POLL("poll") void wasi_poll(const handle *pollables, size_t count, struct ready_list *result);
POLL("[method]pollable.block") void wasi_pollable_block(handle self);
POLL("[resource-drop]pollable") void wasi_pollable_drop(handle self);

/* wasi:io/error */
IMPORT("wasi:io/error", "[resource-drop]error") void wasi_error_drop(handle self);

/* wasi:io/streams */
#define STREAMS(function) IMPORT("wasi:io/streams", function)
STREAMS("[method]input-stream.read") void wasi_input_read(handle self, uint64_t size, struct result_bytes *result);
STREAMS("[method]input-stream.subscribe") handle wasi_input_subscribe(handle self);
STREAMS("[resource-drop]input-stream") void wasi_input_drop(handle self);
STREAMS("[method]output-stream.check-write") void wasi_output_check(handle self, struct result_permit *result);
STREAMS("[method]output-stream.write")
void wasi_output_write(handle self, const void *data, size_t size, struct result_written *result);
STREAMS("[method]output-stream.flush") void wasi_output_flush(handle self, struct result_written *result);
STREAMS("[method]output-stream.subscribe") handle wasi_output_subscribe(handle self);
STREAMS("[resource-drop]output-stream") void wasi_output_drop(handle self);

/* wasi:clocks/monotonic-clock */
#define CLOCK(function) IMPORT("wasi:clocks/monotonic-clock", function)
CLOCK("now") uint64_t wasi_clock_now(void);
CLOCK("subscribe-instant") handle wasi_clock_at(uint64_t instant);
CLOCK("subscribe-duration") handle wasi_clock_after(uint64_t nanoseconds);

/* wasi:cli/stdin: only to wait for standard input together with sockets */
IMPORT("wasi:cli/stdin", "get-stdin") handle wasi_stdin(void);

/* wasi:sockets/network and the one network there is */
IMPORT("wasi:sockets/instance-network", "instance-network") handle wasi_instance_network(void);

/* wasi:sockets/ip-name-lookup */
#define LOOKUP(function) IMPORT("wasi:sockets/ip-name-lookup", function)
LOOKUP("resolve-addresses")
void wasi_resolve(handle network, const char *name, size_t length, struct result_handles *result);
LOOKUP("[method]resolve-address-stream.resolve-next-address")
void wasi_resolve_next(handle self, struct result_next_address *result);
LOOKUP("[method]resolve-address-stream.subscribe") handle wasi_resolve_subscribe(handle self);
LOOKUP("[resource-drop]resolve-address-stream") void wasi_resolve_drop(handle self);

/* wasi:sockets/tcp */
IMPORT("wasi:sockets/tcp-create-socket", "create-tcp-socket")
void wasi_tcp_create(int32_t family, struct result_handles *result);

#define TCP(function) IMPORT("wasi:sockets/tcp", function)
TCP("[resource-drop]tcp-socket") void wasi_tcp_drop(handle self);
TCP("[method]tcp-socket.subscribe") handle wasi_tcp_subscribe(handle self);
TCP("[method]tcp-socket.start-bind")
void wasi_tcp_start_bind(handle self, handle network, FLAT_ADDRESS, struct result_unit *result);
TCP("[method]tcp-socket.finish-bind") void wasi_tcp_finish_bind(handle self, struct result_unit *result);
TCP("[method]tcp-socket.start-connect")
void wasi_tcp_start_connect(handle self, handle network, FLAT_ADDRESS, struct result_unit *result);
TCP("[method]tcp-socket.finish-connect") void wasi_tcp_finish_connect(handle self, struct result_handles *result);
TCP("[method]tcp-socket.start-listen") void wasi_tcp_start_listen(handle self, struct result_unit *result);
TCP("[method]tcp-socket.finish-listen") void wasi_tcp_finish_listen(handle self, struct result_unit *result);
TCP("[method]tcp-socket.accept") void wasi_tcp_accept(handle self, struct result_handles *result);
TCP("[method]tcp-socket.shutdown") void wasi_tcp_shutdown(handle self, int32_t how, struct result_unit *result);
TCP("[method]tcp-socket.local-address") void wasi_tcp_local(handle self, struct result_address *result);
TCP("[method]tcp-socket.remote-address") void wasi_tcp_remote(handle self, struct result_address *result);
TCP("[method]tcp-socket.set-listen-backlog-size")
void wasi_tcp_set_backlog(handle self, uint64_t value, struct result_unit *result);
TCP("[method]tcp-socket.keep-alive-enabled") void wasi_tcp_keep_alive(handle self, struct result_u8 *result);
TCP("[method]tcp-socket.set-keep-alive-enabled")
void wasi_tcp_set_keep_alive(handle self, int32_t value, struct result_unit *result);
TCP("[method]tcp-socket.keep-alive-idle-time") void wasi_tcp_keep_idle(handle self, struct result_u64 *result);
TCP("[method]tcp-socket.set-keep-alive-idle-time")
void wasi_tcp_set_keep_idle(handle self, uint64_t value, struct result_unit *result);
TCP("[method]tcp-socket.keep-alive-interval") void wasi_tcp_keep_interval(handle self, struct result_u64 *result);
TCP("[method]tcp-socket.set-keep-alive-interval")
void wasi_tcp_set_keep_interval(handle self, uint64_t value, struct result_unit *result);
TCP("[method]tcp-socket.keep-alive-count") void wasi_tcp_keep_count(handle self, struct result_u32 *result);
TCP("[method]tcp-socket.set-keep-alive-count")
void wasi_tcp_set_keep_count(handle self, int32_t value, struct result_unit *result);
TCP("[method]tcp-socket.hop-limit") void wasi_tcp_hop_limit(handle self, struct result_u8 *result);
TCP("[method]tcp-socket.set-hop-limit")
void wasi_tcp_set_hop_limit(handle self, int32_t value, struct result_unit *result);
TCP("[method]tcp-socket.receive-buffer-size") void wasi_tcp_receive_buffer(handle self, struct result_u64 *result);
TCP("[method]tcp-socket.set-receive-buffer-size")
void wasi_tcp_set_receive_buffer(handle self, uint64_t value, struct result_unit *result);
TCP("[method]tcp-socket.send-buffer-size") void wasi_tcp_send_buffer(handle self, struct result_u64 *result);
TCP("[method]tcp-socket.set-send-buffer-size")
void wasi_tcp_set_send_buffer(handle self, uint64_t value, struct result_unit *result);

/* wasi:sockets/udp */
IMPORT("wasi:sockets/udp-create-socket", "create-udp-socket")
void wasi_udp_create(int32_t family, struct result_handles *result);

#define UDP(function) IMPORT("wasi:sockets/udp", function)
UDP("[resource-drop]udp-socket") void wasi_udp_drop(handle self);
UDP("[method]udp-socket.subscribe") handle wasi_udp_subscribe(handle self);
UDP("[method]udp-socket.start-bind")
void wasi_udp_start_bind(handle self, handle network, FLAT_ADDRESS, struct result_unit *result);
UDP("[method]udp-socket.finish-bind") void wasi_udp_finish_bind(handle self, struct result_unit *result);
UDP("[method]udp-socket.stream")
void wasi_udp_stream(handle self, int32_t has_remote, FLAT_ADDRESS, struct result_handles *result);
UDP("[method]udp-socket.local-address") void wasi_udp_local(handle self, struct result_address *result);
UDP("[method]udp-socket.remote-address") void wasi_udp_remote(handle self, struct result_address *result);
UDP("[method]udp-socket.unicast-hop-limit") void wasi_udp_hop_limit(handle self, struct result_u8 *result);
UDP("[method]udp-socket.set-unicast-hop-limit")
void wasi_udp_set_hop_limit(handle self, int32_t value, struct result_unit *result);
UDP("[method]udp-socket.receive-buffer-size") void wasi_udp_receive_buffer(handle self, struct result_u64 *result);
UDP("[method]udp-socket.set-receive-buffer-size")
void wasi_udp_set_receive_buffer(handle self, uint64_t value, struct result_unit *result);
UDP("[method]udp-socket.send-buffer-size") void wasi_udp_send_buffer(handle self, struct result_u64 *result);
UDP("[method]udp-socket.set-send-buffer-size")
void wasi_udp_set_send_buffer(handle self, uint64_t value, struct result_unit *result);
UDP("[method]incoming-datagram-stream.receive")
void wasi_incoming_receive(handle self, uint64_t most, struct result_datagrams *result);
UDP("[method]incoming-datagram-stream.subscribe") handle wasi_incoming_subscribe(handle self);
UDP("[resource-drop]incoming-datagram-stream") void wasi_incoming_drop(handle self);
UDP("[method]outgoing-datagram-stream.check-send") void wasi_outgoing_check(handle self, struct result_u64 *result);
UDP("[method]outgoing-datagram-stream.send")
void wasi_outgoing_send(handle self, const struct wasi_outgoing_datagram *datagrams, size_t count,
                        struct result_u64 *result);
UDP("[method]outgoing-datagram-stream.subscribe") handle wasi_outgoing_subscribe(handle self);
UDP("[resource-drop]outgoing-datagram-stream") void wasi_outgoing_drop(handle self);

/* Numbers shared with the Preview 1 side: reserved here, free again after the second. */
__attribute__((import_module("wasi_snapshot_preview1"), import_name("adapter_open_badfd")))
int32_t preview1_reserve(uint32_t *number);
__attribute__((import_module("wasi_snapshot_preview1"), import_name("adapter_close_badfd")))
int32_t preview1_release(uint32_t number);

#endif

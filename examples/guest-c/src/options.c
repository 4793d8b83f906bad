/*
 * getsockopt() and setsockopt().
 *
 * A table says which option is which pair of functions of the host; the rest is kept on our side or has one answer.
 */
#include "descriptors.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/time.h>

/* ---- values kept by the host ---- */

enum value_kind { U8, U32, U64, SECONDS };

struct host_option {
    int type, level, name;
    enum value_kind kind;
    void (*get)(void);
    void (*set)(void);
};

/* The getters differ in the type of their result, the setters in that of the value; kind says which to cast to. */
#define PAIR(type, level, name, kind, get, set) { type, level, name, kind, (void (*)(void))get, (void (*)(void))set }

static const struct host_option host_options[] = {
    PAIR(SOCK_STREAM, SOL_SOCKET, SO_KEEPALIVE, U8, wasi_tcp_keep_alive, wasi_tcp_set_keep_alive),
    PAIR(SOCK_STREAM, SOL_SOCKET, SO_RCVBUF, U64, wasi_tcp_receive_buffer, wasi_tcp_set_receive_buffer),
    PAIR(SOCK_STREAM, SOL_SOCKET, SO_SNDBUF, U64, wasi_tcp_send_buffer, wasi_tcp_set_send_buffer),
    PAIR(SOCK_STREAM, IPPROTO_TCP, TCP_KEEPIDLE, SECONDS, wasi_tcp_keep_idle, wasi_tcp_set_keep_idle),
    PAIR(SOCK_STREAM, IPPROTO_TCP, TCP_KEEPINTVL, SECONDS, wasi_tcp_keep_interval, wasi_tcp_set_keep_interval),
    PAIR(SOCK_STREAM, IPPROTO_TCP, TCP_KEEPCNT, U32, wasi_tcp_keep_count, wasi_tcp_set_keep_count),
    PAIR(SOCK_STREAM, IPPROTO_IP, IP_TTL, U8, wasi_tcp_hop_limit, wasi_tcp_set_hop_limit),
    PAIR(SOCK_STREAM, IPPROTO_IPV6, IPV6_UNICAST_HOPS, U8, wasi_tcp_hop_limit, wasi_tcp_set_hop_limit),
    PAIR(SOCK_DGRAM, SOL_SOCKET, SO_RCVBUF, U64, wasi_udp_receive_buffer, wasi_udp_set_receive_buffer),
    PAIR(SOCK_DGRAM, SOL_SOCKET, SO_SNDBUF, U64, wasi_udp_send_buffer, wasi_udp_set_send_buffer),
    PAIR(SOCK_DGRAM, IPPROTO_IP, IP_TTL, U8, wasi_udp_hop_limit, wasi_udp_set_hop_limit),
    PAIR(SOCK_DGRAM, IPPROTO_IPV6, IPV6_UNICAST_HOPS, U8, wasi_udp_hop_limit, wasi_udp_set_hop_limit),
};

static const struct host_option *host_option(const struct open_socket *socket, int level, int name)
{
    if (level == (socket->family == AF_INET ? IPPROTO_IPV6 : IPPROTO_IP))
        return NULL;
    for (size_t i = 0; i < sizeof host_options / sizeof *host_options; i++) {
        const struct host_option *each = &host_options[i];
        if (each->type == socket->type && each->level == level && each->name == name)
            return each;
    }
    return NULL;
}

static int get_from_host(const struct host_option *option, handle self, int *value)
{
    union {
        struct result_u8 u8;
        struct result_u32 u32;
        struct result_u64 u64;
    } result;
    uint64_t number = 0;
    uint8_t error = 0;
    bool is_error = false;
    switch (option->kind) {
    case U8:
        ((void (*)(handle, struct result_u8 *))option->get)(self, &result.u8);
        is_error = result.u8.is_error;
        error = result.u8.error;
        number = result.u8.value;
        break;
    case U32:
        ((void (*)(handle, struct result_u32 *))option->get)(self, &result.u32);
        is_error = result.u32.is_error;
        error = result.u32.error;
        number = result.u32.value;
        break;
    case U64:
    case SECONDS:
        ((void (*)(handle, struct result_u64 *))option->get)(self, &result.u64);
        is_error = result.u64.is_error;
        error = result.u64.error;
        number = result.u64.value;
        break;
    }
    if (is_error)
        return wittle_fail(wittle_errno(error));
    if (option->kind == SECONDS)
        number = number / 1000000000u + (number % 1000000000u != 0); /* less than a second is not never */
    *value = number > INT_MAX ? INT_MAX : (int)number;
    return 0;
}

static int set_at_host(const struct host_option *option, handle self, int value)
{
    struct result_unit result;
    if (value < 0 || (option->kind == U8 && value > UINT8_MAX))
        return wittle_fail(EINVAL);
    if (option->kind == U64 || option->kind == SECONDS) {
        uint64_t number = (uint64_t)value * (option->kind == SECONDS ? 1000000000u : 1);
        ((void (*)(handle, uint64_t, struct result_unit *))option->set)(self, number, &result);
    } else {
        ((void (*)(handle, int32_t, struct result_unit *))option->set)(self, value, &result);
    }
    return wittle_done(&result);
}

/* ---- reading ---- */

/* Stores as much of a value as there is room for, as getsockopt() does. */
static int give(const void *from, socklen_t size, void *to, socklen_t *length)
{
    if (to == NULL || length == NULL)
        return wittle_fail(EFAULT);
    if (size > *length)
        size = *length;
    memcpy(to, from, size);
    *length = size;
    return 0;
}

static int give_timeout(uint64_t nanoseconds, void *to, socklen_t *length)
{
    struct timeval timeout = {
        .tv_sec = (time_t)(nanoseconds / 1000000000u),
        .tv_usec = (suseconds_t)(nanoseconds % 1000000000u / 1000u),
    };
    return give(&timeout, sizeof timeout, to, length);
}

static int take_error(struct open_socket *socket)
{
    if (socket->type == SOCK_STREAM) {
        int error = wittle_tcp_settle(socket);
        if (error != 0 && error != EINPROGRESS)
            socket->pending_error = error;
    }
    int error = socket->pending_error;
    socket->pending_error = 0;
    return error;
}

/* The options that are a number on our side: 0, or the error number. */
static int our_option(struct open_socket *socket, int level, int name, int *value)
{
    bool stream = socket->type == SOCK_STREAM;
    if (level == SOL_SOCKET) {
        switch (name) {
        case SO_ERROR: *value = take_error(socket); return 0;
        case SO_TYPE: *value = socket->type; return 0;
        case SO_DOMAIN: *value = socket->family; return 0;
        case SO_PROTOCOL: *value = stream ? IPPROTO_TCP : IPPROTO_UDP; return 0;
        case SO_ACCEPTCONN: *value = socket->state == LISTENING; return 0;
        case SO_REUSEADDR: *value = stream; return 0; /* the host does it by itself */
        case SO_BROADCAST: *value = 0; return 0;
        }
    } else if (level == IPPROTO_TCP && stream && name == TCP_NODELAY) {
        *value = 1;
        return 0;
    } else if (level == IPPROTO_IPV6 && socket->family == AF_INET6 && name == IPV6_V6ONLY) {
        *value = 1; /* never dual-stack */
        return 0;
    }
    return ENOPROTOOPT;
}

int getsockopt(int fd, int level, int name, void *restrict to, socklen_t *restrict length)
{
    struct open_socket *socket = wittle_socket_need(fd);
    int value = 0;
    if (socket == NULL)
        return -1;
    if (level == SOL_SOCKET && name == SO_RCVTIMEO)
        return give_timeout(socket->receive_timeout, to, length);
    if (level == SOL_SOCKET && name == SO_SNDTIMEO)
        return give_timeout(socket->send_timeout, to, length);
    if (level == SOL_SOCKET && name == SO_LINGER) {
        struct linger off = { 0, 0 };
        return give(&off, sizeof off, to, length);
    }
    const struct host_option *option = host_option(socket, level, name);
    if (option != NULL) {
        if (get_from_host(option, socket->socket, &value) < 0)
            return -1;
    } else {
        int error = our_option(socket, level, name, &value);
        if (error != 0)
            return wittle_fail(error);
    }
    return give(&value, sizeof value, to, length);
}

/* ---- writing ---- */

static int set_timeout(uint64_t *nanoseconds, const void *from, socklen_t length)
{
    struct timeval timeout;
    if (length < sizeof timeout)
        return wittle_fail(EINVAL);
    memcpy(&timeout, from, sizeof timeout);
    if (timeout.tv_sec < 0 || timeout.tv_usec < 0 || timeout.tv_usec >= 1000000)
        return wittle_fail(EDOM);
    *nanoseconds = (uint64_t)timeout.tv_sec * 1000000000u + (uint64_t)timeout.tv_usec * 1000u;
    return 0;
}

int setsockopt(int fd, int level, int name, const void *from, socklen_t length)
{
    struct open_socket *socket = wittle_socket_need(fd);
    int value;
    if (socket == NULL)
        return -1;
    if (from == NULL)
        return wittle_fail(EFAULT);
    if (level == SOL_SOCKET && name == SO_RCVTIMEO)
        return set_timeout(&socket->receive_timeout, from, length);
    if (level == SOL_SOCKET && name == SO_SNDTIMEO)
        return set_timeout(&socket->send_timeout, from, length);
    if (length < sizeof value)
        return wittle_fail(EINVAL);
    memcpy(&value, from, sizeof value);
    const struct host_option *option = host_option(socket, level, name);
    if (option != NULL)
        return set_at_host(option, socket->socket, name == SO_KEEPALIVE && level == SOL_SOCKET ? value != 0 : value);
    /* What is so anyway may be asked for; what cannot be had is refused. */
    bool stream = socket->type == SOCK_STREAM;
    if (level == SOL_SOCKET && name == SO_REUSEADDR)
        return 0;
    if (level == SOL_SOCKET && (name == SO_BROADCAST || name == SO_LINGER))
        return value == 0 ? 0 : wittle_fail(EOPNOTSUPP);
    if (level == IPPROTO_TCP && name == TCP_NODELAY && stream)
        return 0; /* a hint that hosts follow by default */
    if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY && socket->family == AF_INET6)
        return value != 0 ? 0 : wittle_fail(EOPNOTSUPP);
    return wittle_fail(ENOPROTOOPT);
}

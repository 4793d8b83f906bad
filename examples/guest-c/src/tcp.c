/*
 * Stream sockets.
 *
 * wasi:sockets never blocks: an operation is started, its pollable is waited on unless the descriptor is non-blocking,
 * and it is finished.
 */
#include "descriptors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What is read ahead at most when only looking. */
enum { AHEAD = 4096 };

int wittle_tcp_open(struct open_socket *socket)
{
    struct result_handles result;
    wasi_tcp_create(socket->family == AF_INET6 ? WASI_IPV6 : WASI_IPV4, &result);
    if (result.is_error)
        return wittle_fail(wittle_errno(result.error));
    socket->socket = result.value[0];
    return 0;
}

/* Calls a finish-… method until it is through. Binding and listening are short, so O_NONBLOCK does not count. */
static int finish(struct open_socket *socket, void (*method)(handle, struct result_unit *))
{
    struct result_unit result;
    for (;;) {
        method(socket->socket, &result);
        if (!result.is_error || result.error != WASI_WOULD_BLOCK)
            return wittle_done(&result);
        wasi_pollable_block(wittle_socket_ready(socket));
    }
}

int wittle_tcp_bind(struct open_socket *socket, const struct flat_address *address)
{
    struct result_unit result;
    if (socket->state != UNBOUND)
        return wittle_fail(EINVAL);
    wasi_tcp_start_bind(socket->socket, wittle_network(), SPREAD(*address), &result);
    if (wittle_done(&result) < 0 || finish(socket, wasi_tcp_finish_bind) < 0)
        return -1;
    socket->state = BOUND;
    return 0;
}

int wittle_tcp_listen(struct open_socket *socket, int backlog)
{
    struct result_unit result;
    if (socket->state == UNBOUND) {
        struct flat_address any;
        wittle_flatten_any(socket->family, &any);
        if (wittle_tcp_bind(socket, &any) < 0)
            return -1;
    }
    if (socket->state != BOUND && socket->state != LISTENING)
        return wittle_fail(EINVAL);
    /* POSIX lets any number through, the host wants at least 1, and changing it later is optional. */
    wasi_tcp_set_backlog(socket->socket, backlog < 1 ? 1 : (uint64_t)backlog, &result);
    if (socket->state == LISTENING)
        return 0;
    wasi_tcp_start_listen(socket->socket, &result);
    if (wittle_done(&result) < 0 || finish(socket, wasi_tcp_finish_listen) < 0)
        return -1;
    socket->state = LISTENING;
    return 0;
}

int wittle_tcp_accept(struct open_socket *listener, int flags)
{
    if (listener->state != LISTENING)
        return wittle_fail(EINVAL);
    /* The number comes first: a client that was accepted cannot be put back. */
    struct open_socket *socket = wittle_socket_new(SOCK_STREAM, listener->family);
    if (socket == NULL)
        return -1;
    struct result_handles result;
    uint64_t deadline = 0;
    for (;;) {
        wasi_tcp_accept(listener->socket, &result);
        if (!result.is_error)
            break;
        int error = wittle_errno(result.error);
        if (result.error == WASI_WOULD_BLOCK && !listener->nonblocking) {
            if (deadline == 0)
                deadline = wittle_deadline(listener->receive_timeout);
            if (wittle_wait(wittle_socket_ready(listener), deadline) == 0)
                continue;
        }
        wittle_socket_free(socket);
        return wittle_fail(error);
    }
    socket->socket = result.value[0];
    socket->input = result.value[1];
    socket->output = result.value[2];
    socket->state = CONNECTED;
    socket->nonblocking = (flags & SOCK_NONBLOCK) != 0;
    return socket->number;
}

int wittle_tcp_settle(struct open_socket *socket)
{
    if (socket->state != CONNECTING)
        return 0;
    struct result_handles result;
    wasi_tcp_finish_connect(socket->socket, &result);
    if (!result.is_error) {
        socket->input = result.value[0];
        socket->output = result.value[1];
        socket->state = CONNECTED;
        return 0;
    }
    if (result.error == WASI_WOULD_BLOCK)
        return EINPROGRESS;
    socket->state = FAILED;
    return wittle_errno(result.error);
}

int wittle_tcp_connect(struct open_socket *socket, const struct flat_address *address)
{
    switch (socket->state) {
    case CONNECTED:
        return wittle_fail(EISCONN);
    case LISTENING:
        return wittle_fail(EOPNOTSUPP);
    case CONNECTING: {
        int error = wittle_tcp_settle(socket);
        return error == 0 ? 0 : wittle_fail(error == EINPROGRESS ? EALREADY : error);
    }
    case FAILED:
        /* BSD allows another attempt, the host's socket does not: begin with a fresh one, without its options. */
        wittle_drop_socket(socket);
        if (wittle_tcp_open(socket) < 0)
            return -1;
        socket->state = UNBOUND;
        socket->pending_error = 0;
        break;
    case UNBOUND:
    case BOUND:
        break;
    }
    struct result_unit result;
    wasi_tcp_start_connect(socket->socket, wittle_network(), SPREAD(*address), &result);
    if (result.is_error) {
        /* Arguments that were refused left the socket as it was; anything else has used it up. */
        if (result.error != WASI_INVALID_ARGUMENT && result.error != WASI_INVALID_STATE)
            socket->state = FAILED;
        return wittle_done(&result);
    }
    socket->state = CONNECTING;
    uint64_t deadline = wittle_deadline(socket->send_timeout);
    for (;;) {
        int error = wittle_tcp_settle(socket);
        if (error == 0)
            return 0;
        if (error != EINPROGRESS || socket->nonblocking)
            return wittle_fail(error);
        if (wittle_wait(wittle_socket_ready(socket), deadline) != 0)
            return wittle_fail(EINPROGRESS);
    }
}

int wittle_tcp_shutdown(struct open_socket *socket, int how)
{
    int error = wittle_tcp_settle(socket);
    if (error != 0 || socket->state != CONNECTED)
        return wittle_fail(ENOTCONN);
    struct result_unit result;
    wasi_tcp_shutdown(socket->socket, how == SHUT_RD ? WASI_RECEIVE : how == SHUT_WR ? WASI_SEND : WASI_BOTH, &result);
    if (wittle_done(&result) < 0)
        return -1;
    if (how & SHUT_RD) {
        socket->read_shut = true;
        wittle_drop_ahead(socket);
    }
    if (how & SHUT_WR)
        socket->write_shut = true;
    return 0;
}

/* The error number of a failed stream operation; closed is what an orderly end means to the caller. */
static int stream_error(const struct stream_failure *failure, int closed)
{
    if (failure->kind == WASI_CLOSED)
        return closed;
    /* Which failure it was is only for people to read; on an established connection it is nearly always a reset. */
    wasi_error_drop(failure->error);
    return ECONNRESET;
}

/* Makes sure that there is a connection to use: 0, or the error number. */
static int connected(struct open_socket *socket, bool wait, uint64_t timeout)
{
    if (socket->pending_error != 0) {
        int error = socket->pending_error;
        socket->pending_error = 0;
        return error;
    }
    uint64_t deadline = wait && socket->state == CONNECTING ? wittle_deadline(timeout) : 0;
    while (socket->state == CONNECTING) {
        int error = wittle_tcp_settle(socket);
        if (error == 0)
            break;
        if (error != EINPROGRESS)
            return error;
        if (!wait || wittle_wait(wittle_socket_ready(socket), deadline) != 0)
            return EAGAIN;
    }
    return socket->state == CONNECTED ? 0 : ENOTCONN;
}

/* How much may be written now, waiting for it if need be: 0, or the error number. */
static int permit(struct open_socket *socket, bool wait, uint64_t deadline, uint64_t *size)
{
    for (;;) {
        struct result_permit result;
        wasi_output_check(socket->output, &result);
        if (result.is_error)
            return stream_error(&result.failure, EPIPE);
        *size = result.value;
        if (result.value > 0)
            return 0;
        if (!wait || wittle_wait(wittle_output_ready(socket), deadline) != 0)
            return EAGAIN;
    }
}

ssize_t wittle_tcp_send(struct open_socket *socket, const struct iovec *parts, int count, int flags)
{
    bool wait = !socket->nonblocking && !(flags & MSG_DONTWAIT);
    int error = connected(socket, wait, socket->send_timeout);
    if (error == 0 && socket->write_shut)
        error = EPIPE;
    uint64_t deadline = wait && error == 0 ? wittle_deadline(socket->send_timeout) : 0;
    size_t sent = 0;
    for (int i = 0; i < count && error == 0; i++) {
        const uint8_t *data = parts[i].iov_base;
        size_t left = parts[i].iov_len;
        while (left > 0) {
            uint64_t allowed = 0;
            error = permit(socket, wait, deadline, &allowed);
            if (error != 0)
                break;
            size_t size = allowed < left ? (size_t)allowed : left;
            struct result_written result;
            wasi_output_write(socket->output, data, size, &result);
            if (result.is_error) {
                error = stream_error(&result.failure, EPIPE);
                break;
            }
            socket->has_written = true;
            data += size;
            left -= size;
            sent += size;
        }
    }
    /* What was sent counts; the error comes with the next call. */
    return sent == 0 && error != 0 ? wittle_fail(error) : (ssize_t)sent;
}

/* One read without waiting: bytes, 0 at the end with *error 0, or 0 and the error number. */
static size_t read_some(struct open_socket *socket, void *place, size_t size, int *error)
{
    struct result_bytes result;
    *error = 0;
    if (socket->at_end || socket->read_shut)
        return 0;
    wittle_land_in(place, size);
    wasi_input_read(socket->input, size, &result);
    wittle_land_anywhere();
    if (result.is_error) {
        socket->at_end = true; /* also after a reset: it is reported once, then there is no more */
        *error = stream_error(&result.failure, 0);
        return 0;
    }
    if (result.value.length == 0) {
        *error = EAGAIN;
        return 0;
    }
    if (result.value.length > size)
        abort(); /* no host may return more than it was asked for */
    if (result.value.data != place) {
        memcpy(place, result.value.data, result.value.length);
        free(result.value.data);
    }
    return result.value.length;
}

int wittle_tcp_read_ahead(struct open_socket *socket)
{
    int error = connected(socket, false, 0);
    if (error != 0 || socket->ahead_length > 0)
        return error;
    if (socket->ahead == NULL) {
        socket->ahead = malloc(AHEAD);
        if (socket->ahead == NULL)
            return ENOMEM;
    }
    socket->ahead_from = 0;
    socket->ahead_length = read_some(socket, socket->ahead, AHEAD, &error);
    return error;
}

/* Takes from what was read ahead. */
static size_t take_ahead(struct open_socket *socket, void *place, size_t size, bool keep)
{
    if (size > socket->ahead_length)
        size = socket->ahead_length;
    memcpy(place, socket->ahead + socket->ahead_from, size);
    if (!keep) {
        socket->ahead_from += size;
        socket->ahead_length -= size;
    }
    return size;
}

ssize_t wittle_tcp_receive(struct open_socket *socket, const struct iovec *parts, int count, int flags)
{
    bool wait = !socket->nonblocking && !(flags & MSG_DONTWAIT);
    bool peek = (flags & MSG_PEEK) != 0;
    bool all = (flags & MSG_WAITALL) != 0 && !peek;
    int error = connected(socket, wait, socket->receive_timeout);
    if (error != 0)
        return wittle_fail(error);
    uint64_t deadline = wait ? wittle_deadline(socket->receive_timeout) : 0;
    size_t received = 0;
    for (int i = 0; i < count; i++) {
        uint8_t *place = parts[i].iov_base;
        size_t room = parts[i].iov_len;
        while (room > 0) {
            size_t size = 0;
            error = peek ? wittle_tcp_read_ahead(socket) : 0;
            if (error == 0 && socket->ahead_length > 0)
                size = take_ahead(socket, place, room, peek);
            else if (error == 0 && !peek)
                size = read_some(socket, place, room, &error);
            if (error == EAGAIN && wait && (received == 0 || all)) {
                if (wittle_wait(wittle_input_ready(socket), deadline) == 0)
                    continue;
            }
            if (size == 0)
                return received == 0 && error != 0 ? wittle_fail(error) : (ssize_t)received;
            place += size;
            room -= size;
            received += size;
            if (peek)
                return (ssize_t)received;
            /* A short read says that there is no more for now, so asking again would be for nothing. */
            if (room > 0 && !all)
                return (ssize_t)received;
        }
    }
    return (ssize_t)received;
}

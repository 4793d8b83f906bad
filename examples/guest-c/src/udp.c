/*
 * Datagram sockets.
 *
 * The host keeps what arrives between bind and the first use, so the streams are opened when something is sent,
 * received or waited for, and opened anew when the peer changes.
 */
#include "descriptors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int wittle_udp_open(struct open_socket *socket)
{
    struct result_handles result;
    wasi_udp_create(socket->family == AF_INET6 ? WASI_IPV6 : WASI_IPV4, &result);
    if (result.is_error)
        return wittle_fail(wittle_errno(result.error));
    socket->socket = result.value[0];
    return 0;
}

int wittle_udp_bind(struct open_socket *socket, const struct flat_address *address)
{
    struct result_unit result;
    if (socket->state != UNBOUND)
        return wittle_fail(EINVAL);
    wasi_udp_start_bind(socket->socket, wittle_network(), SPREAD(*address), &result);
    if (wittle_done(&result) < 0)
        return -1;
    for (;;) {
        wasi_udp_finish_bind(socket->socket, &result);
        if (!result.is_error || result.error != WASI_WOULD_BLOCK)
            break;
        wasi_pollable_block(wittle_socket_ready(socket));
    }
    if (wittle_done(&result) < 0)
        return -1;
    socket->state = BOUND;
    return 0;
}

int wittle_udp_ready(struct open_socket *socket)
{
    if (socket->input != NO_HANDLE)
        return 0;
    if (socket->state == UNBOUND) {
        struct flat_address any;
        wittle_flatten_any(socket->family, &any);
        if (wittle_udp_bind(socket, &any) < 0)
            return errno;
    }
    struct result_handles result;
    wasi_udp_stream(socket->socket, socket->has_peer, SPREAD(socket->peer), &result);
    if (result.is_error)
        return wittle_errno(result.error);
    socket->input = result.value[0];
    socket->output = result.value[1];
    return 0;
}

int wittle_udp_connect(struct open_socket *socket, const struct flat_address *address)
{
    /* A host may trap when the previous streams are still there. */
    wittle_drop_streams(socket);
    wittle_drop_ahead(socket);
    memset(&socket->peer, 0, sizeof socket->peer);
    socket->has_peer = address != NULL;
    if (address != NULL)
        socket->peer = *address;
    else if (socket->state == UNBOUND)
        return 0;
    /* At once: the host goes by the previous peer until the streams are opened anew. */
    int error = wittle_udp_ready(socket);
    if (error == 0)
        return 0;
    memset(&socket->peer, 0, sizeof socket->peer);
    socket->has_peer = false;
    return wittle_fail(error);
}

int wittle_udp_shutdown(struct open_socket *socket, int how)
{
    if (!socket->has_peer)
        return wittle_fail(ENOTCONN);
    if (how & SHUT_RD)
        socket->read_shut = true;
    if (how & SHUT_WR)
        socket->write_shut = true;
    return 0;
}

/* The address as it lies in memory within a list of datagrams. */
static void unflatten(const struct flat_address *flat, struct wasi_socket_address *address)
{
    address->family = (uint8_t)flat->at[0];
    if (address->family == WASI_IPV4) {
        address->ipv4.port = (uint16_t)flat->at[1];
        for (int i = 0; i < 4; i++)
            address->ipv4.address[i] = (uint8_t)flat->at[2 + i];
    } else {
        address->ipv6.port = (uint16_t)flat->at[1];
        address->ipv6.flow_info = (uint32_t)flat->at[2];
        for (int i = 0; i < 8; i++)
            address->ipv6.address[i] = (uint16_t)flat->at[3 + i];
        address->ipv6.scope_id = (uint32_t)flat->at[11];
    }
}

/* Sends one datagram that lies in one piece: 0, or the error number. */
static int send_one(struct open_socket *socket, const struct wasi_outgoing_datagram *datagram, bool wait)
{
    uint64_t deadline = wait ? wittle_deadline(socket->send_timeout) : 0;
    for (;;) {
        struct result_u64 result;
        wasi_outgoing_check(socket->output, &result);
        if (!result.is_error && result.value > 0) {
            wasi_outgoing_send(socket->output, datagram, 1, &result);
            if (!result.is_error && result.value > 0)
                return 0;
        }
        if (result.is_error && result.error != WASI_WOULD_BLOCK)
            return wittle_errno(result.error);
        if (!wait || wittle_wait(wittle_output_ready(socket), deadline) != 0)
            return EAGAIN;
    }
}

ssize_t wittle_udp_send(struct open_socket *socket, const struct iovec *parts, int count, int flags,
                        const struct flat_address *to)
{
    bool wait = !socket->nonblocking && !(flags & MSG_DONTWAIT);
    if (socket->write_shut)
        return wittle_fail(EPIPE);
    if (to == NULL && !socket->has_peer)
        return wittle_fail(EDESTADDRREQ);
    if (to != NULL && socket->has_peer) {
        if (!wittle_flat_equal(to, &socket->peer))
            return wittle_fail(EISCONN);
        to = NULL;
    }
    int error = wittle_udp_ready(socket);
    if (error != 0)
        return wittle_fail(error);

    struct wasi_outgoing_datagram datagram;
    memset(&datagram, 0, sizeof datagram);
    if (to != NULL) {
        datagram.to.is_some = 1;
        unflatten(to, &datagram.to.value);
    }
    size_t total = 0;
    for (int i = 0; i < count; i++)
        total += parts[i].iov_len;
    uint8_t *joined = NULL;
    if (count == 1) {
        datagram.data = parts[0].iov_base;
    } else if (total > 0) {
        joined = malloc(total);
        if (joined == NULL)
            return wittle_fail(ENOMEM);
        size_t at = 0;
        for (int i = 0; i < count; at += parts[i++].iov_len)
            memcpy(joined + at, parts[i].iov_base, parts[i].iov_len);
        datagram.data = joined;
    }
    datagram.length = total;
    error = send_one(socket, &datagram, wait);
    free(joined);
    return error != 0 ? wittle_fail(error) : (ssize_t)total;
}

int wittle_udp_read_ahead(struct open_socket *socket)
{
    if (socket->has_datagram)
        return 0;
    int error = wittle_udp_ready(socket);
    if (error != 0)
        return error;
    /* One at a time: what is not taken from the host stays in order when the peer changes. */
    struct result_datagrams result;
    wasi_incoming_receive(socket->input, 1, &result);
    if (result.is_error)
        return wittle_errno(result.error);
    if (result.value.length == 0)
        return EAGAIN;
    struct wasi_incoming_datagram *datagram = &result.value.data[0];
    socket->ahead = datagram->length > 0 ? datagram->data : NULL;
    socket->ahead_from = 0;
    socket->ahead_length = datagram->length;
    socket->datagram_from = datagram->from;
    socket->has_datagram = true;
    free(result.value.data);
    return 0;
}

ssize_t wittle_udp_receive(struct open_socket *socket, const struct iovec *parts, int count, int flags,
                           int *result_flags, struct wasi_socket_address *from)
{
    bool wait = !socket->nonblocking && !(flags & MSG_DONTWAIT);
    uint64_t deadline = 0;
    if (socket->pending_error != 0) {
        int error = socket->pending_error;
        socket->pending_error = 0;
        return wittle_fail(error);
    }
    for (;;) {
        int error = wittle_udp_read_ahead(socket);
        if (error == 0)
            break;
        if (error == EAGAIN && socket->read_shut)
            return 0;
        if (error == EAGAIN && wait) {
            if (deadline == 0)
                deadline = wittle_deadline(socket->receive_timeout);
            if (wittle_wait(wittle_input_ready(socket), deadline) == 0)
                continue;
        }
        return wittle_fail(error);
    }
    size_t received = 0;
    for (int i = 0; i < count && received < socket->ahead_length; i++) {
        size_t size = socket->ahead_length - received;
        if (size > parts[i].iov_len)
            size = parts[i].iov_len;
        memcpy(parts[i].iov_base, socket->ahead + received, size);
        received += size;
    }
    *result_flags = received < socket->ahead_length ? MSG_TRUNC : 0;
    *from = socket->datagram_from;
    if (!(flags & MSG_PEEK))
        wittle_drop_ahead(socket); /* the rest of a truncated datagram is lost, as everywhere */
    return (ssize_t)received;
}

/*
 * The table from descriptor numbers to sockets, and the lifetimes of a socket's handles.
 *
 * Numbers come from the Preview 1 side, which keeps them out of its own way until they are released: files and
 * sockets never share one.
 */
#include "descriptors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

/* Indexed by number: the Preview 1 side hands out small ones. */
static struct open_socket **table;
static size_t table_size;

struct open_socket *wittle_socket_new(int type, int family)
{
    struct open_socket *socket = calloc(1, sizeof *socket);
    if (socket == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    uint32_t number;
    int error = preview1_reserve(&number);
    if (error != 0) {
        free(socket);
        errno = error;
        return NULL;
    }
    if (number >= table_size) {
        size_t size = table_size < 16 ? 16 : table_size;
        while (size <= number)
            size *= 2;
        struct open_socket **larger = realloc(table, size * sizeof *larger);
        if (larger == NULL) {
            preview1_release(number);
            free(socket);
            errno = ENOMEM;
            return NULL;
        }
        memset(larger + table_size, 0, (size - table_size) * sizeof *larger);
        table = larger;
        table_size = size;
    }
    socket->number = (int)number;
    socket->type = type;
    socket->family = family;
    socket->socket = socket->input = socket->output = NO_HANDLE;
    socket->socket_ready = socket->input_ready = socket->output_ready = NO_HANDLE;
    table[number] = socket;
    return socket;
}

struct open_socket *wittle_socket_find(int number)
{
    return number >= 0 && (size_t)number < table_size ? table[number] : NULL;
}

struct open_socket *wittle_socket_need(int number)
{
    struct open_socket *socket = wittle_socket_find(number);
    if (socket == NULL) {
        __wasi_fdstat_t status;
        errno = number >= 0 && __wasi_fd_fdstat_get(number, &status) == 0 ? ENOTSOCK : EBADF;
    }
    return socket;
}

void wittle_socket_free(struct open_socket *socket)
{
    wittle_drop_streams(socket);
    wittle_drop_socket(socket);
    wittle_drop_ahead(socket);
    table[socket->number] = NULL;
    preview1_release((uint32_t)socket->number);
    free(socket);
}

static void drop(handle *which, void (*how)(handle))
{
    if (*which != NO_HANDLE)
        how(*which);
    *which = NO_HANDLE;
}

/* A pollable is a child of what it was made from, and a host may trap when the parent goes first. */
void wittle_drop_streams(struct open_socket *socket)
{
    bool stream = socket->type == SOCK_STREAM;
    drop(&socket->input_ready, wasi_pollable_drop);
    drop(&socket->output_ready, wasi_pollable_drop);
    if (stream && socket->output != NO_HANDLE && socket->has_written) {
        /* Asks the host to hurry with what it has accepted; close() does not wait for it. */
        struct result_written result;
        wasi_output_flush(socket->output, &result);
        if (result.is_error && result.failure.kind == WASI_LAST_OPERATION_FAILED)
            wasi_error_drop(result.failure.error);
        socket->has_written = false;
    }
    drop(&socket->input, stream ? wasi_input_drop : wasi_incoming_drop);
    drop(&socket->output, stream ? wasi_output_drop : wasi_outgoing_drop);
}

void wittle_drop_socket(struct open_socket *socket)
{
    drop(&socket->socket_ready, wasi_pollable_drop);
    drop(&socket->socket, socket->type == SOCK_STREAM ? wasi_tcp_drop : wasi_udp_drop);
}

void wittle_drop_ahead(struct open_socket *socket)
{
    free(socket->ahead);
    socket->ahead = NULL;
    socket->ahead_from = socket->ahead_length = 0;
    socket->has_datagram = false;
}

handle wittle_socket_ready(struct open_socket *socket)
{
    if (socket->socket_ready == NO_HANDLE)
        socket->socket_ready = socket->type == SOCK_STREAM ? wasi_tcp_subscribe(socket->socket)
                                                           : wasi_udp_subscribe(socket->socket);
    return socket->socket_ready;
}

handle wittle_input_ready(struct open_socket *socket)
{
    if (socket->input_ready == NO_HANDLE)
        socket->input_ready = socket->type == SOCK_STREAM ? wasi_input_subscribe(socket->input)
                                                          : wasi_incoming_subscribe(socket->input);
    return socket->input_ready;
}

handle wittle_output_ready(struct open_socket *socket)
{
    if (socket->output_ready == NO_HANDLE)
        socket->output_ready = socket->type == SOCK_STREAM ? wasi_output_subscribe(socket->output)
                                                           : wasi_outgoing_subscribe(socket->output);
    return socket->output_ready;
}

handle wittle_network(void)
{
    static handle network = NO_HANDLE;
    if (network == NO_HANDLE)
        network = wasi_instance_network();
    return network;
}

/* What is known about an open socket, and the table from descriptor numbers to it. */
#ifndef WITTLE_DESCRIPTORS_H
#define WITTLE_DESCRIPTORS_H

#include "wasi_sockets.h"

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

enum socket_state {
    UNBOUND,
    BOUND,
    LISTENING,
    CONNECTING,
    CONNECTED,
    FAILED, /* a connect failed: the host's socket is of no further use */
};

struct open_socket {
    int number;
    int type;   /* SOCK_STREAM or SOCK_DGRAM */
    int family; /* AF_INET or AF_INET6 */
    enum socket_state state;
    bool nonblocking;
    bool read_shut, write_shut;
    bool at_end;       /* the peer's orderly close has been read */
    bool has_written;  /* something may be left to flush */
    int pending_error; /* what SO_ERROR reports once */
    uint64_t receive_timeout, send_timeout; /* nanoseconds, 0 is for ever */

    /* Pollables are made when first waited on. input and output are of the type's own kind of stream. */
    handle socket, input, output;
    handle socket_ready, input_ready, output_ready;

    /* Read ahead for MSG_PEEK, FIONREAD and datagrams larger than the buffer: bytes, or one datagram. */
    uint8_t *ahead;
    size_t ahead_from, ahead_length;
    bool has_datagram;
    struct wasi_socket_address datagram_from;

    bool has_peer; /* connected UDP */
    struct flat_address peer;
};

/* Reserves a number and makes an entry for it; sets errno and returns NULL when there is none to be had. */
struct open_socket *wittle_socket_new(int type, int family);

/* The socket with that number, or NULL; errno is left alone. */
struct open_socket *wittle_socket_find(int number);

/* The same, but sets errno to EBADF, or to ENOTSOCK for Preview 1's descriptors. */
struct open_socket *wittle_socket_need(int number);

/* Drops everything that belongs to the socket, children before parents, and releases its number. */
void wittle_socket_free(struct open_socket *socket);

/* Drops streams and their pollables. */
void wittle_drop_streams(struct open_socket *socket);
/* Drops the socket itself and its pollable. */
void wittle_drop_socket(struct open_socket *socket);
/* Forgets what was read ahead. */
void wittle_drop_ahead(struct open_socket *socket);

handle wittle_socket_ready(struct open_socket *socket);
handle wittle_input_ready(struct open_socket *socket);
handle wittle_output_ready(struct open_socket *socket);

/* The network, fetched once. */
handle wittle_network(void);

/* ---- memory.c ---- */

/* The next list that the host returns goes to this place instead of the heap, if it fits. */
void wittle_land_in(void *place, size_t size);
/* Ends that; needed because an empty list may not have used the place. */
void wittle_land_anywhere(void);

/* ---- errno.c ---- */

int wittle_errno(uint8_t code);
/* Sets errno and returns -1. */
int wittle_fail(int error);
/* For results without a value: 0, or errno and -1. */
int wittle_done(const struct result_unit *result);

/* ---- address.c ---- */

/* 0, or the error number. */
int wittle_flatten(const struct sockaddr *address, socklen_t length, int family, struct flat_address *flat);
void wittle_flatten_any(int family, struct flat_address *flat);
bool wittle_flat_equal(const struct flat_address *a, const struct flat_address *b);
/* Stores as much as there is room for, and the full length, as getsockname() does. */
void wittle_store_address(const struct wasi_socket_address *from, struct sockaddr *to, socklen_t *length);
void wittle_store_any(int family, struct sockaddr *to, socklen_t *length);

/* ---- wait.c ---- */

/* When an operation that may take that long has to give up; 0 is never. */
uint64_t wittle_deadline(uint64_t timeout);
/* 0 when the pollable is ready, EAGAIN when the deadline came first. */
int wittle_wait(handle pollable, uint64_t deadline);

/* ---- tcp.c ---- */

int wittle_tcp_open(struct open_socket *socket);
int wittle_tcp_bind(struct open_socket *socket, const struct flat_address *address);
int wittle_tcp_listen(struct open_socket *socket, int backlog);
int wittle_tcp_accept(struct open_socket *listener, int flags);
int wittle_tcp_connect(struct open_socket *socket, const struct flat_address *address);
/* Ends a connect in progress if it can: 0 connected, EINPROGRESS, or why it failed. */
int wittle_tcp_settle(struct open_socket *socket);
int wittle_tcp_shutdown(struct open_socket *socket, int how);
ssize_t wittle_tcp_send(struct open_socket *socket, const struct iovec *parts, int count, int flags);
ssize_t wittle_tcp_receive(struct open_socket *socket, const struct iovec *parts, int count, int flags);
/* Reads ahead without waiting; 0, or the error number. */
int wittle_tcp_read_ahead(struct open_socket *socket);

/* ---- udp.c ---- */

int wittle_udp_open(struct open_socket *socket);
int wittle_udp_bind(struct open_socket *socket, const struct flat_address *address);
/* NULL dissolves the association. */
int wittle_udp_connect(struct open_socket *socket, const struct flat_address *address);
/* Binds if necessary and opens the streams: 0, or the error number. */
int wittle_udp_ready(struct open_socket *socket);
int wittle_udp_shutdown(struct open_socket *socket, int how);
/* to may be NULL. */
ssize_t wittle_udp_send(struct open_socket *socket, const struct iovec *parts, int count, int flags,
                        const struct flat_address *to);
/* *result_flags gets MSG_TRUNC, *from the sender. */
ssize_t wittle_udp_receive(struct open_socket *socket, const struct iovec *parts, int count, int flags,
                           int *result_flags, struct wasi_socket_address *from);
/* Fetches a datagram if there is one and none is held: 0, EAGAIN, or another error number. */
int wittle_udp_read_ahead(struct open_socket *socket);

/* ---- io.c ---- */

/* What recvmsg() and all its special cases do; from may be NULL. */
ssize_t wittle_receive(struct open_socket *socket, const struct iovec *parts, int count, int flags,
                       int *result_flags, struct sockaddr *from, socklen_t *length);
/* What sendmsg() and all its special cases do; to may be NULL. */
ssize_t wittle_send(struct open_socket *socket, const struct iovec *parts, int count, int flags,
                    const struct sockaddr *to, socklen_t length);

#endif

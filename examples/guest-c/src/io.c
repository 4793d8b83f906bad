/*
 * The BSD functions that programs call, and libc's own descriptor functions where the descriptor may be a socket.
 *
 * Those of the second kind are linked with --wrap: every call of read(), from the program or from stdio, arrives at
 * __wrap_read(), and __real_read() is wasi-libc's.
 */
#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- making and joining ---- */

int socket(int domain, int type, int protocol)
{
    int flags = type & (SOCK_NONBLOCK | SOCK_CLOEXEC);
    type &= ~flags;
    if (domain != AF_INET && domain != AF_INET6)
        return wittle_fail(EAFNOSUPPORT);
    if (type != SOCK_STREAM && type != SOCK_DGRAM)
        return wittle_fail(EPROTOTYPE);
    if (protocol != 0 && protocol != (type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP))
        return wittle_fail(EPROTONOSUPPORT);
    struct open_socket *new = wittle_socket_new(type, domain);
    if (new == NULL)
        return -1;
    new->nonblocking = (flags & SOCK_NONBLOCK) != 0;
    if ((type == SOCK_STREAM ? wittle_tcp_open(new) : wittle_udp_open(new)) < 0) {
        int error = errno;
        wittle_socket_free(new);
        return wittle_fail(error);
    }
    return new->number;
}

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
    struct open_socket *socket = wittle_socket_need(fd);
    struct flat_address flat;
    if (socket == NULL)
        return -1;
    int error = wittle_flatten(address, length, socket->family, &flat);
    if (error != 0)
        return wittle_fail(error);
    return socket->type == SOCK_STREAM ? wittle_tcp_bind(socket, &flat) : wittle_udp_bind(socket, &flat);
}

int listen(int fd, int backlog)
{
    struct open_socket *socket = wittle_socket_need(fd);
    if (socket == NULL)
        return -1;
    return socket->type == SOCK_STREAM ? wittle_tcp_listen(socket, backlog) : wittle_fail(EOPNOTSUPP);
}

int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict length, int flags)
{
    struct open_socket *listener = wittle_socket_need(fd);
    if (listener == NULL)
        return -1;
    if (flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC))
        return wittle_fail(EINVAL);
    if (listener->type != SOCK_STREAM)
        return wittle_fail(EOPNOTSUPP);
    int number = wittle_tcp_accept(listener, flags);
    /* A peer that is already gone has no address any more; that is no reason to refuse the connection. */
    if (number >= 0 && address != NULL && getpeername(number, address, length) < 0)
        wittle_store_any(listener->family, address, length);
    return number;
}

int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
    return accept4(fd, address, length, 0);
}

int connect(int fd, const struct sockaddr *address, socklen_t length)
{
    struct open_socket *socket = wittle_socket_need(fd);
    struct flat_address flat;
    if (socket == NULL)
        return -1;
    if (socket->type == SOCK_DGRAM && address != NULL && length >= sizeof(sa_family_t) &&
        address->sa_family == AF_UNSPEC)
        return wittle_udp_connect(socket, NULL);
    int error = wittle_flatten(address, length, socket->family, &flat);
    if (error != 0)
        return wittle_fail(error);
    return socket->type == SOCK_STREAM ? wittle_tcp_connect(socket, &flat) : wittle_udp_connect(socket, &flat);
}

int shutdown(int fd, int how)
{
    struct open_socket *socket = wittle_socket_need(fd);
    if (socket == NULL)
        return -1;
    if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR)
        return wittle_fail(EINVAL);
    return socket->type == SOCK_STREAM ? wittle_tcp_shutdown(socket, how) : wittle_udp_shutdown(socket, how);
}

int getsockname(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
    struct open_socket *socket = wittle_socket_need(fd);
    struct result_address result;
    if (socket == NULL)
        return -1;
    if (socket->state == UNBOUND || socket->state == FAILED) {
        wittle_store_any(socket->family, address, length);
        return 0;
    }
    if (socket->type == SOCK_STREAM)
        wasi_tcp_local(socket->socket, &result);
    else
        wasi_udp_local(socket->socket, &result);
    if (result.is_error)
        return wittle_fail(wittle_errno(result.error));
    wittle_store_address(&result.value, address, length);
    return 0;
}

int getpeername(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
    struct open_socket *socket = wittle_socket_need(fd);
    struct result_address result;
    if (socket == NULL)
        return -1;
    if (socket->type == SOCK_STREAM ? socket->state != CONNECTED : !socket->has_peer)
        return wittle_fail(ENOTCONN);
    if (socket->type == SOCK_STREAM)
        wasi_tcp_remote(socket->socket, &result);
    else
        wasi_udp_remote(socket->socket, &result);
    if (result.is_error)
        return wittle_fail(result.error == WASI_INVALID_STATE ? ENOTCONN : wittle_errno(result.error));
    wittle_store_address(&result.value, address, length);
    return 0;
}

/* ---- sending and receiving ---- */

ssize_t wittle_send(struct open_socket *socket, const struct iovec *parts, int count, int flags,
                    const struct sockaddr *to, socklen_t length)
{
    if (flags & ~(MSG_DONTWAIT | MSG_NOSIGNAL))
        return wittle_fail(EOPNOTSUPP);
    if (socket->type == SOCK_STREAM)
        return wittle_tcp_send(socket, parts, count, flags); /* a destination is ignored, as POSIX allows */
    struct flat_address flat;
    if (to != NULL) {
        int error = wittle_flatten(to, length, socket->family, &flat);
        if (error != 0)
            return wittle_fail(error);
    }
    return wittle_udp_send(socket, parts, count, flags, to != NULL ? &flat : NULL);
}

ssize_t wittle_receive(struct open_socket *socket, const struct iovec *parts, int count, int flags,
                       int *result_flags, struct sockaddr *from, socklen_t *length)
{
    *result_flags = 0;
    if (flags & ~(MSG_DONTWAIT | MSG_NOSIGNAL | MSG_PEEK | MSG_WAITALL))
        return wittle_fail(EOPNOTSUPP);
    if (socket->type == SOCK_STREAM) {
        ssize_t received = wittle_tcp_receive(socket, parts, count, flags);
        if (received >= 0 && from != NULL && length != NULL)
            *length = 0; /* a stream's bytes have no sender of their own */
        return received;
    }
    struct wasi_socket_address sender;
    ssize_t received = wittle_udp_receive(socket, parts, count, flags, result_flags, &sender);
    if (received >= 0)
        wittle_store_address(&sender, from, length);
    return received;
}

static ssize_t send_parts(int fd, const struct iovec *parts, int count, int flags, const struct sockaddr *to,
                          socklen_t length)
{
    struct open_socket *socket = wittle_socket_need(fd);
    return socket == NULL ? -1 : wittle_send(socket, parts, count, flags, to, length);
}

static ssize_t receive_parts(int fd, const struct iovec *parts, int count, int flags, struct sockaddr *from,
                             socklen_t *length)
{
    struct open_socket *socket = wittle_socket_need(fd);
    int ignored;
    return socket == NULL ? -1 : wittle_receive(socket, parts, count, flags, &ignored, from, length);
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
    struct iovec part = { (void *)data, size };
    return send_parts(fd, &part, 1, flags, NULL, 0);
}

ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to, socklen_t length)
{
    struct iovec part = { (void *)data, size };
    return send_parts(fd, &part, 1, flags, to, length);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    if (message->msg_controllen > 0)
        return wittle_fail(EOPNOTSUPP);
    return send_parts(fd, message->msg_iov, message->msg_iovlen, flags, message->msg_name, message->msg_namelen);
}

ssize_t recv(int fd, void *data, size_t size, int flags)
{
    struct iovec part = { data, size };
    return receive_parts(fd, &part, 1, flags, NULL, NULL);
}

ssize_t recvfrom(int fd, void *restrict data, size_t size, int flags, struct sockaddr *restrict from,
                 socklen_t *restrict length)
{
    struct iovec part = { data, size };
    return receive_parts(fd, &part, 1, flags, from, length);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    struct open_socket *socket = wittle_socket_need(fd);
    if (socket == NULL)
        return -1;
    message->msg_controllen = 0;
    return wittle_receive(socket, message->msg_iov, message->msg_iovlen, flags, &message->msg_flags,
                          message->msg_name, &message->msg_namelen);
}

/* ---- libc's descriptor functions ---- */

ssize_t __real_read(int fd, void *data, size_t size);
ssize_t __real_readv(int fd, const struct iovec *parts, int count);
ssize_t __real_write(int fd, const void *data, size_t size);
ssize_t __real_writev(int fd, const struct iovec *parts, int count);
int __real_close(int fd);
int __real_fcntl(int fd, int command, ...);
int __real_ioctl(int fd, int request, ...);
int __real_fstat(int fd, struct stat *status);

ssize_t __wrap_read(int fd, void *data, size_t size)
{
    return wittle_socket_find(fd) != NULL ? recv(fd, data, size, 0) : __real_read(fd, data, size);
}

ssize_t __wrap_readv(int fd, const struct iovec *parts, int count)
{
    return wittle_socket_find(fd) != NULL ? receive_parts(fd, parts, count, 0, NULL, NULL)
                                          : __real_readv(fd, parts, count);
}

ssize_t __wrap_write(int fd, const void *data, size_t size)
{
    return wittle_socket_find(fd) != NULL ? send(fd, data, size, 0) : __real_write(fd, data, size);
}

ssize_t __wrap_writev(int fd, const struct iovec *parts, int count)
{
    return wittle_socket_find(fd) != NULL ? send_parts(fd, parts, count, 0, NULL, 0)
                                          : __real_writev(fd, parts, count);
}

int __wrap_close(int fd)
{
    struct open_socket *socket = wittle_socket_find(fd);
    if (socket == NULL)
        return __real_close(fd);
    wittle_socket_free(socket);
    return 0;
}

int __wrap_fcntl(int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    int value = command == F_SETFD || command == F_SETFL ? va_arg(arguments, int) : 0;
    va_end(arguments);
    struct open_socket *socket = wittle_socket_find(fd);
    if (socket == NULL)
        return __real_fcntl(fd, command, value);
    switch (command) {
    case F_GETFD:
        return FD_CLOEXEC;
    case F_SETFD:
        return 0;
    case F_GETFL:
        return O_RDWR | (socket->nonblocking ? O_NONBLOCK : 0);
    case F_SETFL:
        socket->nonblocking = (value & O_NONBLOCK) != 0;
        return 0;
    default:
        return wittle_fail(EINVAL);
    }
}

int __wrap_ioctl(int fd, int request, ...)
{
    va_list arguments;
    va_start(arguments, request);
    int *value = va_arg(arguments, int *);
    va_end(arguments);
    struct open_socket *socket = wittle_socket_find(fd);
    if (socket == NULL)
        return __real_ioctl(fd, request, value);
    switch (request) {
    case FIONBIO:
        socket->nonblocking = *value != 0;
        return 0;
    case FIONREAD:
        /* For a stream this is a lower bound: what one read gives. */
        if (socket->type == SOCK_STREAM)
            wittle_tcp_read_ahead(socket);
        else
            wittle_udp_read_ahead(socket);
        *value = (int)socket->ahead_length;
        return 0;
    default:
        return wittle_fail(EINVAL);
    }
}

int __wrap_fstat(int fd, struct stat *status)
{
    if (wittle_socket_find(fd) == NULL)
        return __real_fstat(fd, status);
    memset(status, 0, sizeof *status);
    status->st_mode = S_IFSOCK;
    return 0;
}

/* What the test programs share: a line a check, and sockets on the loopback interface to try things on. */
#ifndef CHECK_H
#define CHECK_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int failures;

static inline void check(bool holds, const char *what)
{
    int error = errno;
    if (holds) {
        printf("ok %s\n", what);
    } else {
        printf("FAIL %s (errno %d, %s)\n", what, error, strerror(error));
        failures++;
    }
    fflush(stdout);
    errno = error;
}

/* For what a program cannot go on without. */
static inline void need(bool holds, const char *what)
{
    if (!holds) {
        check(false, what);
        exit(1);
    }
}

/* The exit status. */
static inline int summary(void)
{
    printf(failures == 0 ? "all ok\n" : "%d FAILED\n", failures);
    return failures == 0 ? 0 : 1;
}

static inline int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline bool failed_with(long result, int error)
{
    return result == -1 && errno == error;
}

static inline struct sockaddr_in loopback(uint16_t port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static inline uint16_t port_of(int fd)
{
    struct sockaddr_in address = { 0 };
    socklen_t length = sizeof address;
    return getsockname(fd, (struct sockaddr *)&address, &length) == 0 ? ntohs(address.sin_port) : 0;
}

static inline int bound(int type)
{
    struct sockaddr_in address = loopback(0);
    int fd = socket(AF_INET, type, 0);
    need(fd >= 0, "socket");
    need(bind(fd, (struct sockaddr *)&address, sizeof address) == 0, "bind to a free port");
    return fd;
}

static inline int listener(void)
{
    int fd = bound(SOCK_STREAM);
    need(listen(fd, 8) == 0, "listen");
    return fd;
}

static inline int connect_to(int fd, uint16_t port)
{
    struct sockaddr_in address = loopback(port);
    return connect(fd, (struct sockaddr *)&address, sizeof address);
}

/* Both ends of a connection. */
static inline void connected_pair(int *client, int *server)
{
    int listening = listener();
    *client = socket(AF_INET, SOCK_STREAM, 0);
    need(*client >= 0, "socket");
    need(connect_to(*client, port_of(listening)) == 0, "connect to a listener");
    *server = accept(listening, NULL, NULL);
    need(*server >= 0, "accept");
    close(listening);
}

/* A port that nobody listens on: one that was free a moment ago. */
static inline uint16_t free_port(void)
{
    int fd = listener();
    uint16_t port = port_of(fd);
    close(fd);
    return port;
}

static inline void set_nonblocking(int fd)
{
    need(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) == 0, "fcntl(F_SETFL)");
}

static inline int socket_error(int fd)
{
    int error = -1;
    socklen_t length = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : -1;
}

/* What poll() says about one descriptor; 0 after the timeout. */
static inline short ready(int fd, short events, int timeout)
{
    struct pollfd polled = { .fd = fd, .events = events };
    return poll(&polled, 1, timeout) > 0 ? polled.revents : 0;
}

/* Reads until there are that many bytes or the peer is done. */
static inline size_t read_all(int fd, char *place, size_t size)
{
    size_t got = 0;
    while (got < size) {
        ssize_t received = recv(fd, place + got, size - got, 0);
        if (received <= 0)
            break;
        got += (size_t)received;
    }
    return got;
}

#endif

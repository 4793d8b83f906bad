/* Connecting: refused, without waiting, and what poll() and SO_ERROR say about it. */
#include "check.h"

int main(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    check(failed_with(connect_to(fd, free_port()), ECONNREFUSED), "a blocking connect to a closed port is refused");
    int listening = listener();
    check(connect_to(fd, port_of(listening)) == 0, "the same descriptor may connect elsewhere afterwards");
    int server = accept(listening, NULL, NULL);
    check(server >= 0, "and is accepted there");
    close(server);
    close(fd);

    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    check(fcntl(fd, F_GETFL) & O_NONBLOCK, "SOCK_NONBLOCK makes it non-blocking");
    int result = connect_to(fd, port_of(listening));
    check(result == 0 || errno == EINPROGRESS, "a non-blocking connect is in progress");
    check(ready(fd, POLLOUT, 5000) == POLLOUT, "poll() says when it is through");
    check(socket_error(fd) == 0, "SO_ERROR says that it went well");
    check(failed_with(connect_to(fd, port_of(listening)), EISCONN), "connecting again is EISCONN");
    char byte;
    check(failed_with(recv(fd, &byte, 1, 0), EAGAIN), "reading without waiting is EAGAIN");
    check(ready(listening, POLLIN, 5000) == POLLIN, "poll() says that there is a client");
    server = accept4(listening, NULL, NULL, SOCK_NONBLOCK);
    check(server >= 0 && (fcntl(server, F_GETFL) & O_NONBLOCK), "accept4 with SOCK_NONBLOCK");
    set_nonblocking(listening);
    check(failed_with(accept(listening, NULL, NULL), EAGAIN), "no other client, and accept does not wait");
    close(server);
    close(fd);

    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    result = connect_to(fd, free_port());
    check(result == -1 && (errno == EINPROGRESS || errno == ECONNREFUSED), "a non-blocking connect to a closed port");
    if (errno == EINPROGRESS) {
        short revents = ready(fd, POLLOUT, 5000);
        check((revents & POLLOUT) && (revents & POLLERR), "poll() says that it is through, and wrong");
        check(socket_error(fd) == ECONNREFUSED, "SO_ERROR says why");
        check(socket_error(fd) == 0, "SO_ERROR says it once");
    }
    check(failed_with(send(fd, "x", 1, 0), ENOTCONN), "there is nothing to send to");
    close(fd);

    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    connect_to(fd, free_port());
    fd_set writable, readable;
    FD_ZERO(&writable);
    FD_ZERO(&readable);
    FD_SET(fd, &writable);
    struct timeval five = { .tv_sec = 5 };
    check(select(fd + 1, &readable, &writable, NULL, &five) == 1 && FD_ISSET(fd, &writable),
          "select() says it of a refused one too");
    check(failed_with(recv(fd, &byte, 1, 0), ECONNREFUSED) || errno == ENOTCONN, "recv() gives the error as well");
    close(fd);

    fd = bound(SOCK_STREAM);
    uint16_t own = port_of(fd);
    check(connect_to(fd, port_of(listening)) == 0 && port_of(fd) == own, "connecting from a chosen port keeps it");
    close(fd);
    close(listening);

    struct sockaddr_in nowhere = loopback(0);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    check(connect(fd, (struct sockaddr *)&nowhere, sizeof nowhere) == -1, "port 0 cannot be connected to");
    check(failed_with(connect(fd, (struct sockaddr *)&nowhere, 4), EINVAL), "a short address is EINVAL");
    close(fd);
    int one = listener();
    int two = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in taken = loopback(port_of(one));
    result = bind(two, (struct sockaddr *)&taken, sizeof taken);
    if (result == 0)
        result = listen(two, 1);
    check(failed_with(result, EADDRINUSE), "an address that is listened on is EADDRINUSE");
    close(one);
    close(two);
    return summary();
}
